package io.aliecs.relay.lab.bench.web;

import com.sun.management.OperatingSystemMXBean;
import io.aliecs.relay.lab.bench.figures.Histogram;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Latencies;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Requests a second of {@code GET /api/v1/runs}, beside a bare Vert.x handler that returns the same
 * bytes: in the same process, in turns, asked by a process of its own. Beside the rate it takes the
 * processor's time that this process spends on each, which others on the machine change less.
 *
 * <p>Adds a line to {@code http.csv} and draws {@code http.svg}.
 */
public final class HttpBench {
  private static final String RUNS = "/api/v1/runs";
  private static final int WARM_UP_MS = 5_000;

  private final int seconds;
  private final int connections;
  private final Histogram[] times = {new Histogram(), new Histogram()};
  private final long[] answered = new long[2];
  private final long[] cpuNanos = new long[2];

  private HttpBench(int seconds, int connections) {
    this.seconds = seconds;
    this.connections = connections;
  }

  /**
   * Runs it.
   *
   * @param seconds of each round, for each of the two
   * @param runs active ones, in the answer
   */
  public static void run(Path history, int rounds, int seconds, int connections, int runs)
      throws Exception {
    new HttpBench(seconds, connections).measure(rounds, runs, history);
  }

  private void measure(int rounds, int runs, Path folder) throws Exception {
    try (WebUnderTest web = WebUnderTest.start(runs)) {
      Buffer body = Buffer.buffer(body(web.port()));
      HttpServer bare =
          web.vertx()
              .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
              .requestHandler(request -> request.response().end(body))
              .listen()
              .await();
      int[] ports = {web.port(), bare.actualPort()};
      for (int port : ports) {
        load(port, WARM_UP_MS, new Histogram());
      }
      double[][] perSecond = new double[2][rounds];
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 2; i++) {
          int which = (round + i) % 2; // none is always the first
          long before = cpuNanos();
          long answers = load(ports[which], seconds * 1_000, times[which]);
          cpuNanos[which] += cpuNanos() - before;
          answered[which] += answers;
          perSecond[which][round] = answers / (double) seconds;
        }
      }
      report(body.length(), runs, perSecond, folder);
    }
  }

  private long load(int port, int forMs, Histogram histogram) throws Exception {
    try (Child child = Child.start(HttpLoad.class, port, RUNS, connections, forMs)) {
      long answers = Long.parseLong(child.line());
      histogram.addEncoded(child.line());
      return answers;
    }
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private double cpuMicros(int which) {
    return cpuNanos[which] / 1e3 / answered[which];
  }

  private static byte[] body(int port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + RUNS)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray()).body();
  }

  private void report(int bytes, int runs, double[][] perSecond, Path folder) throws Exception {
    double[] ratios = new double[perSecond[0].length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = perSecond[0][i] / perSecond[1][i];
    }
    new History(folder, "http")
        .add(
            List.of(
                "runs",
                "bytes",
                "connections",
                "rounds",
                "seconds",
                "relay_per_s",
                "bare_per_s",
                "ratio",
                "ratio_least",
                "relay_p50_ms",
                "relay_p99_ms",
                "bare_p50_ms",
                "bare_p99_ms",
                "relay_cpu_us",
                "bare_cpu_us",
                "cpu_ratio"),
            List.of(
                "" + runs,
                "" + bytes,
                "" + connections,
                "" + ratios.length,
                "" + seconds,
                figure(Latencies.median(perSecond[0]), 0),
                figure(Latencies.median(perSecond[1]), 0),
                figure(Latencies.median(ratios), 2),
                figure(Arrays.stream(ratios).min().orElse(0), 2),
                figure(times[0].quantile(0.5), 2),
                figure(times[0].quantile(0.99), 2),
                figure(times[1].quantile(0.5), 2),
                figure(times[1].quantile(0.99), 2),
                figure(cpuMicros(0), 1),
                figure(cpuMicros(1), 1),
                figure(cpuMicros(1) / cpuMicros(0), 2)));
    Map<String, Histogram> series = new LinkedHashMap<>();
    series.put("relay", times[0]);
    series.put("bare handler", times[1]);
    Picture.write(folder.resolve("http.svg"), "GET " + RUNS + ": time to the answer", series);
  }

  private static String figure(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
