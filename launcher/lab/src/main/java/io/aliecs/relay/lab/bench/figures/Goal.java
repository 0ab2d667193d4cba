package io.aliecs.relay.lab.bench.figures;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A figure that has a goal, and where it is kept.
 *
 * @param what for people
 * @param history name of the file without {@code .csv}
 * @param line values that its lines have, by column
 * @param column where it is; with several words in one cell, which of them
 * @param atMost whether the goal is an upper limit
 */
public record Goal(
    String what,
    String history,
    Map<String, String> line,
    String column,
    int word,
    boolean atMost,
    double limit) {

  /** Reads the goals from a resource beside {@code owner}, in their order. */
  public static List<Goal> read(Class<?> owner, String resource) throws IOException {
    try (InputStream in = owner.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException(resource + ": missing (expected: in the jar)");
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .skip(1)
          .map(Goal::parse)
          .toList();
    }
  }

  private static Goal parse(String text) {
    List<String> cells = Arrays.asList(text.split(";", -1));
    Map<String, String> line = new LinkedHashMap<>();
    for (String pair : cells.get(2).split(",", -1)) {
      if (!pair.isEmpty()) {
        int sign = pair.indexOf('=');
        line.put(pair.substring(0, sign), pair.substring(sign + 1));
      }
    }
    String[] place = cells.get(3).split(" ", -1);
    String[] goal = cells.get(4).split(" ", -1);
    return new Goal(
        cells.get(0),
        cells.get(1),
        Map.copyOf(line),
        place[0],
        place.length == 1 ? 1 : Integer.parseInt(place[1]),
        goal[0].equals("<="),
        Double.parseDouble(goal[1]));
  }

  /** Its figures in a folder of histories, oldest first. */
  public List<Double> figures(Path folder) throws IOException {
    return new History(folder, history)
        .lines().stream()
            .filter(found -> found.entrySet().containsAll(line.entrySet()))
            .map(found -> figure(found.getOrDefault(column, "")))
            .filter(OptionalDouble::isPresent)
            .map(OptionalDouble::getAsDouble)
            .toList();
  }

  private OptionalDouble figure(String cell) {
    String[] words = cell.split(" ", -1);
    return words.length < word || words[word - 1].isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Double.parseDouble(words[word - 1]));
  }

  public boolean isMetBy(double figure) {
    return atMost ? figure <= limit : figure >= limit;
  }

  /** The goal, for people. */
  public String text() {
    return (atMost ? "≤ " : "≥ ") + (limit == (long) limit ? "" + (long) limit : "" + limit);
  }
}
