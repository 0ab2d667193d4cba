package io.aliecs.relay.lab.bench.web;

import com.sun.management.OperatingSystemMXBean;
import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.bench.figures.Histogram;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Picture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Requests a second of {@code GET /api/v1/runs}, beside a bare Vert.x handler that returns the same
 * bytes: in the same process, in turns, asked by a process of its own. Beside the rate it takes the
 * processor's time that this process spends on each, which others on the machine change less.
 *
 * <p>Adds a line to {@code http.csv} and draws {@code http.svg}.
 */
public final class HttpBench {
  private static final String PATH = "/api/v1/runs";
  private static final int CONNECTIONS = 32;
  private static final int WARM_UP_MS = 5_000;

  private final int seconds;
  private final Samples ratios = new Samples();

  /** What answers, and how. */
  private static final class Server {
    private final int port;
    private final Histogram times = new Histogram();
    private final Samples rates = new Samples();
    private long answered;
    private long cpuNanos;

    Server(int port) {
      this.port = port;
    }

    double cpuMicros() {
      return cpuNanos / 1e3 / answered;
    }
  }

  private HttpBench(int seconds) {
    this.seconds = seconds;
  }

  /**
   * Runs it.
   *
   * @param seconds of each round, for each of the two
   */
  public static void run(Path history, int rounds, int seconds) throws Exception {
    new HttpBench(seconds).measure(rounds, history);
  }

  private void measure(int rounds, Path folder) throws Exception {
    try (WebUnderTest web = WebUnderTest.start()) {
      Buffer body = Buffer.buffer(body(web.port()));
      HttpServer handler =
          web.vertx()
              .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
              .requestHandler(request -> request.response().end(body))
              .listen()
              .await(20, TimeUnit.SECONDS);
      Server relay = new Server(web.port());
      Server bare = new Server(handler.actualPort());
      load(relay, WARM_UP_MS, new Histogram());
      load(bare, WARM_UP_MS, new Histogram());
      for (int round = 0; round < rounds; round++) {
        // none is always the first
        for (Server one : round % 2 == 0 ? List.of(relay, bare) : List.of(bare, relay)) {
          turn(one);
        }
        ratios.add(relay.rates.last() / bare.rates.last());
      }
      report(body.length(), relay, bare, folder);
    }
  }

  private void turn(Server server) throws Exception {
    long before = cpuNanos();
    long answers = load(server, seconds * 1_000, server.times);
    server.cpuNanos += cpuNanos() - before;
    server.answered += answers;
    server.rates.add(answers / (double) seconds);
  }

  private long load(Server server, int forMs, Histogram histogram) throws Exception {
    try (Child child = Child.start(HttpLoad.class, server.port, PATH, CONNECTIONS, forMs)) {
      long answers = Long.parseLong(child.line());
      histogram.addEncoded(child.line());
      return answers;
    }
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static byte[] body(int port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + PATH)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray()).body();
  }

  private void report(int bytes, Server relay, Server bare, Path folder) throws Exception {
    new History(folder, "http")
        .line()
        .with("runs", WebUnderTest.RUNS)
        .with("bytes", bytes)
        .with("connections", CONNECTIONS)
        .with("rounds", ratios.count())
        .with("seconds", seconds)
        .with("relay_per_s", relay.rates.quantile(0.5))
        .with("bare_per_s", bare.rates.quantile(0.5))
        .with("ratio", ratios.quantile(0.5))
        .with("ratio_least", ratios.quantile(0))
        .with("relay_p50_ms", relay.times.quantile(0.5))
        .with("relay_p99_ms", relay.times.quantile(0.99))
        .with("bare_p50_ms", bare.times.quantile(0.5))
        .with("bare_p99_ms", bare.times.quantile(0.99))
        .with("relay_cpu_us", relay.cpuMicros())
        .with("bare_cpu_us", bare.cpuMicros())
        .with("cpu_ratio", bare.cpuMicros() / relay.cpuMicros())
        .add();
    Map<String, Histogram> series = new LinkedHashMap<>();
    series.put("relay", relay.times);
    series.put("bare handler", bare.times);
    Picture.write(folder.resolve("http.svg"), "GET " + PATH + ": time to the answer", series);
  }
}
