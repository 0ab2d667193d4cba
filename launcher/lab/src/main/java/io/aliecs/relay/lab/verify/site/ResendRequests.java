package io.aliecs.relay.lab.verify.site;

import io.aliecs.relay.lab.verify.expected.ExpectedRepeats;
import io.aliecs.relay.lab.verify.hosts.RelayProcess;
import io.aliecs.relay.lab.verify.load.LoadWriter;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks now and then for the list, or the state of an environment, to be published once more, on a
 * thread of its own. What no host answers is asked again under the same id, of any host, until one
 * does.
 */
final class ResendRequests implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);
  private static final String TOKEN = "asked-by-relay-verify";
  private static final int LONGEST_PAUSE_MS = 400;
  private static final int REPEAT_MS = 50;

  /** How many changes back its environment may have changed last: not all of them still are. */
  private static final int RECENT = 100;

  private static final int TAKEN = 202;
  private static final Set<Integer> REFUSED = Set.of(404, 409);

  private final List<RelayProcess> hosts;
  private final LoadWriter load;
  private final Random random;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "verify-resend");
  private final Map<String, String> asked = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  ResendRequests(List<RelayProcess> hosts, LoadWriter load, long seed) {
    this.hosts = hosts;
    this.load = load;
    this.random = new Random(seed);
    thread.setDaemon(true);
  }

  /** The token that hosts must have, as {@code http.token-file}. */
  static Path token(Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), TOKEN);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** Begins to ask. */
  void start() {
    thread.start();
  }

  private void run() {
    try {
      ask("verify-0", ""); // nothing is broken yet: there is always one that is taken
      for (int i = 1; !stopping.await(pause(), TimeUnit.MILLISECONDS); i++) {
        ask("verify-" + i, random.nextBoolean() ? "" : load.environment(random.nextInt(RECENT)));
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private int pause() {
    return random.nextInt(LONGEST_PAUSE_MS);
  }

  private void ask(String request, String environmentId) throws InterruptedException {
    String path =
        environmentId.isEmpty()
            ? "/api/v1/runs/resend"
            : "/api/v1/environments/" + environmentId + "/resend";
    JsonObject body = new JsonObject().put("requestId", request);
    asked.put(request, environmentId);
    int tries = 1;
    int status = any().post(path, TOKEN, body);
    for (; status != TAKEN && !REFUSED.contains(status); tries++) {
      TimeUnit.MILLISECONDS.sleep(REPEAT_MS);
      status = any().post(path, TOKEN, body);
    }
    if (status == TAKEN) {
      taken.add(request);
    } else if (tries == 1) { // else one before may come late, and be carried out
      asked.remove(request);
    }
  }

  private RelayProcess any() {
    return hosts.get(random.nextInt(hosts.size()));
  }

  /**
   * Asks for nothing any more; what was asked for.
   *
   * @throws IllegalStateException when the last request is not answered
   */
  ExpectedRepeats finish() throws InterruptedException {
    stopping.countDown();
    thread.join(ANSWER_LIMIT.toMillis());
    if (thread.isAlive()) {
      throw new IllegalStateException(
          "resend: no answer for " + ANSWER_LIMIT.toSeconds() + " s (expected: from any host)");
    }
    return new ExpectedRepeats(asked, taken);
  }

  @Override
  public void close() {
    stopping.countDown();
    thread.interrupt();
  }
}
