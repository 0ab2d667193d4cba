package io.aliecs.relay.host.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lines as they are where they fit, and else in several: broken at blanks, those that only align
 * taken out, what follows indented. Colours take no room. Pure.
 */
final class Folded {
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final Pattern WORD = Pattern.compile("( *)((?:" + COLOUR + "|[^ ])+)");

  /** Between columns, and before what follows. */
  private static final int GAP = 2;

  /** Narrower than this nothing can be read. */
  private static final int LEAST = 10;

  private Folded() {}

  /**
   * The text in lines that fit.
   *
   * @param columns how many a line has; 0: as many as it takes
   */
  static String of(String text, int columns) {
    if (columns < LEAST) {
      return text;
    }
    return text.lines()
        .flatMap(line -> fold(line, columns).stream())
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static List<String> fold(String line, int columns) {
    List<String> lines = new ArrayList<>();
    if (width(line) <= columns) {
      return List.of(line);
    }
    StringBuilder current = new StringBuilder();
    Matcher words = WORD.matcher(line);
    while (words.find()) {
      String word = words.group(2);
      String gap = " ".repeat(Math.min(GAP, words.group(1).length()));
      if (width(current) > 0 && width(current) + gap.length() + width(word) > columns) {
        lines.add(current.toString());
        current.setLength(0);
        gap = " ".repeat(GAP);
      }
      current.append(gap).append(word);
      while (width(current) > columns) {
        int end = end(current, columns);
        lines.add(current.substring(0, end));
        current.replace(0, end, " ".repeat(GAP));
      }
    }
    lines.add(current.toString());
    return lines;
  }

  private static int width(CharSequence text) {
    String plain = COLOUR.matcher(text).replaceAll("");
    return plain.codePointCount(0, plain.length());
  }

  /** Behind so many columns of a text that has more. */
  private static int end(CharSequence text, int columns) {
    Matcher colour = COLOUR.matcher(text);
    int at = 0;
    for (int shown = 0; shown < columns; ) {
      if (colour.region(at, text.length()).lookingAt()) {
        at = colour.end();
      } else {
        at += Character.charCount(Character.codePointAt(text, at));
        shown++;
      }
    }
    return at;
  }
}
