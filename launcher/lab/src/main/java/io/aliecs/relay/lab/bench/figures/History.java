package io.aliecs.relay.lab.bench.figures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The figures of a bench over time, a line for each run, behind date and commit. */
public final class History {
  private final Path file;

  public History(Path folder, String name) {
    file = folder.resolve(name + ".csv");
  }

  /** Adds a line, and prints it. */
  public void add(List<String> columns, List<String> figures)
      throws IOException, InterruptedException {
    String head = "date,commit," + String.join(",", columns) + ",cores,load_1m\n";
    String line =
        LocalDate.now(ZoneOffset.UTC)
            + ","
            + commit()
            + ","
            + String.join(",", figures)
            + ","
            + Runtime.getRuntime().availableProcessors()
            + ","
            + load()
            + "\n";
    Files.createDirectories(file.toAbsolutePath().getParent());
    boolean fresh = !Files.exists(file);
    Files.writeString(
        file, (fresh ? head : "") + line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    System.out.print(head + line);
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
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return git.waitFor() == 0 ? said : "unknown";
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
  }
}
