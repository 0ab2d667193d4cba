package io.aliecs.relay.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
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
 * bytes: the same process, the same event loops, in turns, asked by a process of its own.
 *
 * <p>Arguments: rounds, seconds each, connections, active runs, folder of the history. Adds a line
 * to {@code http.csv} there and draws {@code http.svg}.
 */
public final class HttpBench {
  private static final String RUNS = "/api/v1/runs";
  private static final int WARM_UP_MS = 5_000;

  private final int seconds;
  private final int connections;
  private final Histogram[] times = {new Histogram(), new Histogram()};

  private HttpBench(int seconds, int connections) {
    this.seconds = seconds;
    this.connections = connections;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments.length > 0 ? arguments[0] : "5");
    int seconds = Integer.parseInt(arguments.length > 1 ? arguments[1] : "5");
    int connections = Integer.parseInt(arguments.length > 2 ? arguments[2] : "32");
    int runs = Integer.parseInt(arguments.length > 3 ? arguments[3] : "10");
    Path folder = Path.of(arguments.length > 4 ? arguments[4] : "bench/history");
    new HttpBench(seconds, connections).run(rounds, runs, folder);
    System.exit(0);
  }

  private void run(int rounds, int runs, Path folder) throws Exception {
    try (WebUnderTest web = WebUnderTest.start(runs)) {
      Buffer body = Buffer.buffer(body(web.port()));
      HttpServer bare =
          WebUnderTest.await(
              web.vertx()
                  .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                  .requestHandler(request -> request.response().end(body))
                  .listen());
      int[] ports = {web.port(), bare.actualPort()};
      for (int port : ports) {
        load(port, WARM_UP_MS, new Histogram());
      }
      double[][] perSecond = new double[2][rounds];
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 2; i++) {
          int which = (round + i) % 2; // none is always the first
          perSecond[which][round] =
              load(ports[which], seconds * 1_000, times[which]) / (double) seconds;
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
                "bare_p99_ms"),
            List.of(
                "" + runs,
                "" + bytes,
                "" + connections,
                "" + ratios.length,
                "" + seconds,
                figure(median(perSecond[0]), 0),
                figure(median(perSecond[1]), 0),
                figure(median(ratios), 2),
                figure(Arrays.stream(ratios).min().orElse(0), 2),
                figure(times[0].quantile(0.5), 2),
                figure(times[0].quantile(0.99), 2),
                figure(times[1].quantile(0.5), 2),
                figure(times[1].quantile(0.99), 2)));
    Map<String, Histogram> series = new LinkedHashMap<>();
    series.put("relay", times[0]);
    series.put("bare handler", times[1]);
    Picture.write(folder.resolve("http.svg"), "GET " + RUNS + ": time to the answer", series);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String figure(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
