package io.aliecs.relay.lab.bench.figures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The figures of a bench over time, a line for each run, behind date and commit. */
public final class History {
  private final Path file;

  public History(Path folder, String name) {
    file = folder.resolve(name + ".csv");
  }

  /** A line, which is filled column by column and then added. */
  public final class Line {
    private final Map<String, String> cells = new LinkedHashMap<>();

    private Line() {}

    public Line with(String column, String text) {
      cells.put(column, text);
      return this;
    }

    public Line with(String column, long number) {
      return with(column, Long.toString(number));
    }

    public Line with(String column, double figure) {
      return with(column, text(figure));
    }

    /** Adds it to the file, and prints it. */
    public void add() throws IOException {
      with("cores", Runtime.getRuntime().availableProcessors()).with("load_1m", load());
      String head = String.join(",", cells.keySet()) + "\n";
      String line = String.join(",", cells.values()) + "\n";
      Files.createDirectories(file.toAbsolutePath().getParent());
      boolean fresh = !Files.exists(file);
      Files.writeString(
          file, (fresh ? head : "") + line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      System.out.print(head + line);
    }
  }

  /** A line that has date and commit. */
  public Line line() throws IOException, InterruptedException {
    return new Line()
        .with("date", LocalDate.now(ZoneOffset.UTC).toString())
        .with("commit", commit());
  }

  /** A figure for people and for a file of comma-separated values. */
  public static String text(double figure) {
    return String.format(Locale.ROOT, figure < 100 ? "%.2f" : "%.0f", figure);
  }

  /** All lines, oldest first: cells by the names of their columns. */
  List<Map<String, String>> lines() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> all = Files.readAllLines(file);
    List<String> columns = List.of(all.get(0).split(",", -1));
    return all.stream().skip(1).map(line -> cells(columns, line.split(",", -1))).toList();
  }

  private static Map<String, String> cells(List<String> columns, String[] line) {
    return IntStream.range(0, Math.min(columns.size(), line.length))
        .boxed()
        .collect(Collectors.toMap(columns::get, i -> line[i]));
  }

  private static String commit() throws IOException, InterruptedException {
    Process git =
        new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return git.waitFor() == 0 ? commit : "unknown";
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
  }
}
