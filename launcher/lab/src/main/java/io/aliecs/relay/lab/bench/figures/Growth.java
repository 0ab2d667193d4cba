package io.aliecs.relay.lab.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Draws how a time grows with a number, as an SVG with a logarithmic axis for the number. */
public final class Growth {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;
  private static final int LEFT = 50;
  private static final int BASE = 240;
  private static final int TALL = 190;
  private static final String[] COLOURS = {"#2563eb", "#d97706"};

  private Growth() {}

  /**
   * Writes it.
   *
   * @param series by name, two at most: times in ms by number, from 1 on
   */
  public static void write(Path file, String title, Map<String, Map<Integer, Double>> series)
      throws IOException {
    double most =
        series.values().stream()
            .flatMap(one -> one.values().stream())
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(1);
    int largest =
        series.values().stream()
            .flatMap(one -> one.keySet().stream())
            .mapToInt(Integer::intValue)
            .max()
            .orElse(10);
    double decade = (WIDTH - 2 * LEFT) / Math.max(1, Math.log10(largest));
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\""
                + " height=\"100%%\" fill=\"#fff\"/>%n<text x=\"%d\" y=\"22\""
                + " font-size=\"15\">%s</text>%n<text x=\"4\" y=\"%d\">%.1f ms</text>%n",
            WIDTH,
            HEIGHT,
            LEFT,
            title,
            BASE - TALL + 4,
            most));
    for (int number = 1; number <= largest; number *= 10) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>%n",
              LEFT + decade * Math.log10(number),
              BASE + 18,
              number));
    }
    int n = 0;
    for (Map.Entry<String, Map<Integer, Double>> one : series.entrySet()) {
      line(svg, one.getValue(), decade, most, COLOURS[n % 2]);
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
              LEFT,
              HEIGHT - 22 + 15 * n,
              COLOURS[n % 2],
              one.getKey()));
      n++;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, svg.append("</svg>\n"));
  }

  private static void line(
      StringBuilder svg, Map<Integer, Double> points, double decade, double most, String colour) {
    StringBuilder path = new StringBuilder();
    for (Map.Entry<Integer, Double> point : points.entrySet()) {
      path.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %.1f",
              path.length() == 0 ? "M" : "L",
              LEFT + decade * Math.log10(point.getKey()),
              BASE - TALL * point.getValue() / most));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
            path,
            colour));
  }
}
