package io.aliecs.relay.launcher;

import io.aliecs.relay.settings.ConsulOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Puts the two keys that the relay reads into the Consul of {@code dev}. Its methods block. */
final class ConsulSeed {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final long POLL_MS = 50;

  /** Only when there is no such key. */
  private static final String IF_MISSING = "?cas=0";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final String consul;

  /**
   * Nothing is written yet.
   *
   * @param consul its address, with scheme; it need not answer yet
   */
  ConsulSeed(String consul) {
    this.consul = consul;
  }

  /**
   * Writes what is missing once Consul answers. What somebody has switched stays so; but a broker
   * at another port than before is named anew.
   *
   * @throws IOException when Consul does not take it, with the reason
   */
  void sow(String broker) throws IOException, InterruptedException {
    awaitConsul();
    if (put(ConsulOptions.SETTINGS_KEY + IF_MISSING, DevSettings.of(broker))) {
      return;
    }
    Optional<String> renamed = DevSettings.naming(broker, get(ConsulOptions.SETTINGS_KEY));
    if (renamed.isPresent() && !put(ConsulOptions.SETTINGS_KEY, renamed.get())) {
      throw new IOException(
          "Consul did not write " + ConsulOptions.SETTINGS_KEY + " (expected: that it does)");
    }
  }

  /** It answers only once it leads. */
  private void awaitConsul() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try {
        put(ConsulOptions.KAFKA_ENABLED_KEY + IF_MISSING, "true");
        return;
      } catch (IOException notYet) {
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "Consul does not serve after " + START_LIMIT.toSeconds() + " s: " + notYet, notYet);
        }
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }

  /** Returns whether it was written, which a condition can prevent. */
  private boolean put(String key, String value) throws IOException, InterruptedException {
    return send(request(key).PUT(HttpRequest.BodyPublishers.ofString(value)).build())
        .strip()
        .equals("true");
  }

  private String get(String key) throws IOException, InterruptedException {
    return send(request(key + "?raw").build());
  }

  private HttpRequest.Builder request(String key) {
    return HttpRequest.newBuilder(URI.create(consul + "/v1/kv/" + key)).timeout(ANSWER_LIMIT);
  }

  private String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(
          request.method()
              + " "
              + request.uri()
              + ": "
              + answer.statusCode()
              + " "
              + answer.body().strip()
              + " (expected: 200)");
    }
    return answer.body();
  }
}
