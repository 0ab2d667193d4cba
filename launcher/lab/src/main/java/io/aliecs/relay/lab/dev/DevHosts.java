package io.aliecs.relay.lab.dev;

import io.aliecs.relay.lab.HostJvm;
import io.aliecs.relay.lab.RelayHome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several control hosts on loopback, each a process of its own; one that ends is started again
 * after a while, as a service manager would. Lives on one context.
 */
final class DevHosts {
  private static final Logger LOG = LoggerFactory.getLogger(DevHosts.class);
  private static final long START_AGAIN_MS = 10_000;
  private static final long ASK_AGAIN_MS = 100;
  private static final long STOP_LIMIT_S = 20;

  /** Most hosts of one {@code dev}. */
  static final int MOST = 5;

  /**
   * Ctrl-C reaches every process of the terminal. What ignores it when it begins goes on to do so:
   * a host gets one signal to end, from us, and not a second time while it drains.
   */
  private static final List<String> NOT_BY_CTRL_C =
      List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh");

  private final Vertx vertx;
  private final HttpClient http;
  private final List<Host> hosts = new ArrayList<>();
  private volatile boolean stopping;

  /** What a host is started with, and the process that it is now. */
  private static final class Host {
    private final String id;
    private final int managementPort;
    private final Path log;
    private final ProcessBuilder builder;
    private final OrphanProcess leftBehind;
    private volatile Process process;

    private Host(
        String id, int managementPort, Path log, ProcessBuilder builder, OrphanProcess leftBehind)
        throws IOException {
      this.id = id;
      this.managementPort = managementPort;
      this.log = log;
      this.builder = builder;
      this.leftBehind = leftBehind;
      this.process = run();
    }

    private Process run() throws IOException {
      Process started = builder.start();
      leftBehind.keep(started);
      return started;
    }
  }

  DevHosts(Vertx vertx) {
    this.vertx = vertx;
    this.http = vertx.createHttpClient();
  }

  /** The name of a host. */
  static String id(int host) {
    return "relay-" + (host + 1);
  }

  /** The folder of a host's journal. */
  static Path folder(Path data, String id) {
    return data.resolve(id);
  }

  /** Ends those that a killed {@code dev} has left in this folder, however many it had. */
  static void endLeftBehind(Path data) throws IOException, InterruptedException {
    OrphanProcess.end(
        IntStream.range(0, MOST).mapToObj(host -> leftBehind(data, id(host))).toList());
  }

  private static OrphanProcess leftBehind(Path data, String id) {
    return new OrphanProcess(id, data.resolve(id + ".pid"), "data.dir=" + folder(data, id));
  }

  /**
   * Starts one more host; does not wait for it.
   *
   * @param settings those of {@code relay run}, by name, but for its id and folder
   * @param consul address of Consul
   */
  void start(String id, int managementPort, Path data, Map<String, String> settings, String consul)
      throws IOException {
    Files.createDirectories(data);
    Map<String, String> all = new LinkedHashMap<>();
    all.put("host.id", id);
    all.put("data.dir", folder(data, id).toString());
    all.putAll(settings);
    Path log = data.resolve(id + ".log");
    ProcessBuilder builder = HostJvm.host(NOT_BY_CTRL_C, RelayHome.lib(), all, consul, log);
    Host host = new Host(id, managementPort, log, builder, leftBehind(data, id));
    hosts.add(host);
    watch(host);
  }

  private void watch(Host host) {
    var unused = host.process.onExit().thenAccept(ended -> vertx.runOnContext(now -> ended(host)));
  }

  private void ended(Host host) {
    if (stopping) {
      return;
    }
    LOG.warn("{} has ended; it is started again in {} ms", host.id, START_AGAIN_MS);
    vertx.setTimer(
        START_AGAIN_MS,
        timer -> {
          if (stopping) {
            return;
          }
          try {
            host.process = host.run();
            watch(host);
          } catch (IOException failed) {
            LOG.error("{} cannot be started again", host.id, failed);
          }
        });
  }

  /** Completes when every host is ready. */
  Future<Void> ready() {
    return Future.all(hosts.stream().map(this::ready).toList()).mapEmpty();
  }

  private Future<Void> ready(Host host) {
    return http.request(HttpMethod.GET, host.managementPort, "127.0.0.1", "/health/ready")
        .compose(request -> request.send())
        .map(response -> response.statusCode() == 200)
        .otherwise(false)
        .compose(
            ready ->
                ready
                    ? Future.succeededFuture()
                    : vertx
                        .timer(ASK_AGAIN_MS, TimeUnit.MILLISECONDS)
                        .compose(again -> ready(host)));
  }

  /** For people: which process is which host, and where its log is. */
  List<String> lines() {
    return hosts.stream()
        .map(host -> host.id + " pid=" + host.process.pid() + " log=" + host.log)
        .toList();
  }

  /** From now on a host that ends is not started again. */
  void startNoneAgain() {
    stopping = true;
  }

  /** Asks all hosts to end and waits for them; kills those that do not. */
  Future<Void> stop() {
    startNoneAgain();
    hosts.forEach(host -> host.process.destroy());
    return EmbeddedServices.blocking(
            vertx,
            () -> {
              for (Host host : hosts) {
                awaitEnd(host);
              }
            })
        .eventually(http::close);
  }

  private static void awaitEnd(Host host) throws InterruptedException {
    if (!host.process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
      LOG.warn("{} has not ended after {} s and is killed", host.id, STOP_LIMIT_S);
      host.process.destroyForcibly();
    } else if (host.process.exitValue() != 0) {
      LOG.warn("{} has ended with {}, see {}", host.id, host.process.exitValue(), host.log);
    }
  }
}
