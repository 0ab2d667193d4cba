package io.aliecs.relay.host.runs;

import io.aliecs.relay.host.api.RelayApi;
import io.aliecs.relay.host.api.RelayOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;

/** The part of a relay's HTTP interface that tells the active runs. Every method blocks. */
final class RunsApi {
  private static final String RUNS = "/api/v1/runs";
  private static final String STREAM = "/api/v1/runs/stream";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final RelayApi relay;

  /** The interface of the relay that is meant. */
  RunsApi(RelayOptions options) {
    this.relay = options.api(TIMEOUT);
  }

  /**
   * The active runs as they are now.
   *
   * @throws IOException when there is no relay at that address, or it cannot answer yet; the
   *     message says which
   */
  JsonObject runs() throws IOException, InterruptedException {
    JsonObject answer = relay.get(RUNS);
    if (!answer.containsKey("runs")) {
      throw new IOException(RUNS + ": no runs in the answer (expected: a relay, see --url)");
    }
    return answer;
  }

  /**
   * The lines of the live stream, until it ends; close it.
   *
   * @throws IOException when it cannot be opened
   */
  Stream<String> stream() throws IOException, InterruptedException {
    return relay.lines(STREAM);
  }
}
