package io.aliecs.relay.lab.bench.figures;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Draws how a time grows with a number, as an SVG with a logarithmic axis for the number. */
public final class Growth {
  private static final int LEFT = 50;
  private static final int TALL = 190;

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
    double decade = (Plot.WIDTH - 2 * LEFT) / Math.max(1, Math.log10(largest));
    Plot plot = new Plot(title, LEFT);
    plot.add("<text x=\"4\" y=\"%d\">%.1f ms</text>%n", Plot.BASE - TALL + 4, most);
    for (int number = 1; number <= largest; number *= 10) {
      plot.add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>%n",
          LEFT + decade * Math.log10(number), Plot.BASE + 18, number);
    }
    int n = 0;
    for (Map.Entry<String, Map<Integer, Double>> one : series.entrySet()) {
      plot.add(
          "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
          line(one.getValue(), decade, most), Plot.colour(n));
      plot.legend(n++, one.getKey());
    }
    plot.write(file);
  }

  private static String line(Map<Integer, Double> points, double decade, double most) {
    StringBuilder path = new StringBuilder();
    points.forEach(
        (number, ms) ->
            path.append(
                String.format(
                    Locale.ROOT,
                    "%s%.1f %.1f",
                    path.length() == 0 ? "M" : "L",
                    LEFT + decade * Math.log10(number),
                    Plot.BASE - TALL * ms / most)));
    return path.toString();
  }
}
