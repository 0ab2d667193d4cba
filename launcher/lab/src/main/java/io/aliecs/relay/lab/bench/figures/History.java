package io.aliecs.relay.lab.bench.figures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

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
