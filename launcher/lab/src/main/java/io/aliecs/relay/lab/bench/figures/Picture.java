package io.aliecs.relay.lab.bench.figures;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Draws histograms of times over each other, as an SVG with a logarithmic axis. */
public final class Picture {
  private static final int LEFT = 20;
  private static final int TALL = 180;

  private Picture() {}

  /**
   * Writes it.
   *
   * @param series by name, two at most
   */
  public static void write(Path file, String title, Map<String, Histogram> series)
      throws IOException {
    int from = Integer.MAX_VALUE;
    int to = 0;
    double most = 0;
    for (Histogram one : series.values()) {
      for (int i = 0; i < one.classes(); i++) {
        if (one.count(i) > 0) {
          from = Math.min(from, i);
          to = Math.max(to, i + 1);
          most = Math.max(most, (double) one.count(i) / one.total());
        }
      }
    }
    Plot plot = new Plot(title, LEFT);
    double step = (double) (Plot.WIDTH - 2 * LEFT) / Math.max(1, to - from);
    int n = 0;
    for (Map.Entry<String, Histogram> one : series.entrySet()) {
      plot.add(
          "<path d=\"%sV%dZ\" fill=\"%s\" fill-opacity=\".35\" stroke=\"%s\"/>%n",
          outline(one.getValue(), from, to, step, most), Plot.BASE, Plot.colour(n), Plot.colour(n));
      plot.legend(n++, text(one.getKey(), one.getValue()));
    }
    axis(plot, from, to, step);
    plot.write(file);
  }

  private static String outline(Histogram one, int from, int to, double step, double most) {
    StringBuilder path = new StringBuilder("M" + LEFT + " " + Plot.BASE);
    for (int i = from; i < to; i++) {
      double y = Plot.BASE - TALL * one.count(i) / (one.total() * most);
      path.append(String.format(Locale.ROOT, "V%.1fH%.1f", y, LEFT + (i + 1 - from) * step));
    }
    return path.toString();
  }

  private static String text(String name, Histogram one) {
    return String.format(
        Locale.ROOT,
        "%s: %d, p50 %.2f ms, p99 %.2f ms, max %.2f ms",
        name,
        one.total(),
        one.quantile(0.5),
        one.quantile(0.99),
        one.quantile(1));
  }

  private static void axis(Plot plot, int from, int to, double step) {
    for (double ms = 1e-3; ms < 1e6; ms *= 10) {
      double at = Histogram.CLASSES_A_DOUBLING * Math.log(ms * 1e6) / Math.log(2);
      if (at >= from && at <= to) {
        double x = LEFT + (at - from) * step;
        plot.add(
            "<path d=\"M%.1f %dv5\" stroke=\"#666\"/><text x=\"%.1f\" y=\"%d\" fill=\"#444\""
                + " text-anchor=\"middle\">%s ms</text>%n",
            x,
            Plot.BASE,
            x,
            Plot.BASE + 18,
            ms >= 1 ? String.valueOf((long) ms) : String.valueOf(ms));
      }
    }
  }
}
