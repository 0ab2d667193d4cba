package io.aliecs.relay.lab.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Draws histograms of times over each other, as an SVG with a logarithmic axis. */
public final class Picture {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;
  private static final int LEFT = 20;
  private static final int BASE = 240;
  private static final int TALL = 180;
  private static final String[] COLOURS = {"#2563eb", "#d97706"};

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
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\""
                + " height=\"100%%\" fill=\"#fff\"/>%n<text x=\"%d\" y=\"22\""
                + " font-size=\"15\">%s</text>%n",
            WIDTH,
            HEIGHT,
            LEFT,
            title));
    double step = (double) (WIDTH - 2 * LEFT) / Math.max(1, to - from);
    int n = 0;
    for (Map.Entry<String, Histogram> one : series.entrySet()) {
      draw(svg, one.getValue(), from, to, step, most, COLOURS[n % 2]);
      legend(svg, one, n);
      n++;
    }
    axis(svg, from, to, step);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, svg.append("</svg>\n"));
  }

  private static void draw(
      StringBuilder svg, Histogram one, int from, int to, double step, double most, String colour) {
    StringBuilder path = new StringBuilder();
    path.append(String.format(Locale.ROOT, "M%d %d", LEFT, BASE));
    for (int i = from; i < to; i++) {
      double y = BASE - TALL * one.count(i) / (one.total() * most);
      path.append(String.format(Locale.ROOT, "V%.1fH%.1f", y, LEFT + (i + 1 - from) * step));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<path d=\"%sV%dZ\" fill=\"%s\" fill-opacity=\".35\" stroke=\"%s\"/>%n",
            path,
            BASE,
            colour,
            colour));
  }

  private static void legend(StringBuilder svg, Map.Entry<String, Histogram> one, int n) {
    Histogram h = one.getValue();
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s: %d, p50 %.2f ms, p99 %.2f ms, max %.2f"
                + " ms</text>%n",
            LEFT,
            HEIGHT - 22 + 15 * n,
            COLOURS[n % 2],
            one.getKey(),
            h.total(),
            h.quantile(0.5),
            h.quantile(0.99),
            h.quantile(1)));
  }

  private static void axis(StringBuilder svg, int from, int to, double step) {
    for (double ms = 1e-3; ms < 1e6; ms *= 10) {
      double at = Histogram.CLASSES_A_DOUBLING * Math.log(ms * 1e6) / Math.log(2);
      if (at >= from && at <= to) {
        double x = LEFT + (at - from) * step;
        svg.append(
            String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %dv5\" stroke=\"#666\"/><text x=\"%.1f\" y=\"%d\" fill=\"#444\""
                    + " text-anchor=\"middle\">%s ms</text>%n",
                x,
                BASE,
                x,
                BASE + 18,
                ms >= 1 ? String.valueOf((long) ms) : String.valueOf(ms)));
      }
    }
  }
}
