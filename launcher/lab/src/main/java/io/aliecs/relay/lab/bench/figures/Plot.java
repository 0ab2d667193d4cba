package io.aliecs.relay.lab.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** An SVG with a title, room to draw in, and a legend of two lines. */
final class Plot {
  static final int WIDTH = 720;

  /** Where the axis lies. */
  static final int BASE = 240;

  private static final int HEIGHT = 300;
  private static final String[] COLOURS = {"#2563eb", "#d97706"};

  private final StringBuilder svg = new StringBuilder();
  private final int left;

  Plot(String title, int left) {
    this.left = left;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\""
            + " height=\"100%%\" fill=\"#fff\"/>%n<text x=\"%d\" y=\"22\""
            + " font-size=\"15\">%s</text>%n",
        WIDTH, HEIGHT, left, title);
  }

  /** Adds an element. */
  void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }

  static String colour(int series) {
    return COLOURS[series % COLOURS.length];
  }

  /** Says what a series is. */
  void legend(int series, String text) {
    add(
        "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
        left, HEIGHT - 22 + 15 * series, colour(series), text);
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, svg + "</svg>\n");
  }
}
