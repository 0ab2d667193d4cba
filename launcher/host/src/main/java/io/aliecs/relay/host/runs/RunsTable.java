package io.aliecs.relay.host.runs;

import io.aliecs.relay.host.TerminalText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The active runs as a table for people. Pure. */
final class RunsTable {
  private static final List<String> HEAD =
      List.of("RUN", "ENVIRONMENT", "TYPE", "SINCE", "FOR", "KAFKA", "DETECTORS");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final int WIDEST = 40;
  private static final String GAP = "  ";

  private RunsTable() {}

  /**
   * The lines of a table.
   *
   * @param answer of {@code GET /api/v1/runs}
   * @param now ms since epoch
   */
  static List<String> lines(JsonObject answer, long now, ZoneId zone) {
    JsonArray runs = answer.getJsonArray("runs");
    if (runs.isEmpty()) {
      return List.of("No active runs.");
    }
    boolean plugin = answer.getBoolean("pluginEnabled");
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (int i = 0; i < runs.size(); i++) {
      rows.add(row(runs.getJsonObject(i), plugin, now, zone));
    }
    int[] widths = new int[HEAD.size()];
    rows.forEach(
        row -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static List<String> row(JsonObject run, boolean plugin, long now, ZoneId zone) {
    long since = run.getLong("enteredAt");
    return List.of(
        Long.toString(run.getLong("runNumber")),
        shown(run.getString("environmentId")),
        shown(run.getString("runType")),
        TIME.format(Instant.ofEpochMilli(since).atZone(zone)),
        duration(now - since) + (run.getBoolean("endAnnounced") ? " (ending)" : ""),
        plugin && run.getBoolean("publish") ? "yes" : "off",
        run.getJsonArray("detectors").stream()
            .map(detector -> shown(String.valueOf(detector)))
            .collect(Collectors.joining(" ")));
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length - 1; i++) {
      line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
    }
    return line.append(row.get(widths.length - 1)).toString();
  }

  /** For example {@code 2 h 05 min}; seconds only in the first hour. */
  static String duration(long ms) {
    long seconds = Math.max(0, ms / 1_000);
    long minutes = seconds / 60;
    if (minutes == 0) {
      return seconds + " s";
    }
    return minutes < 60
        ? String.format("%d min %02d s", minutes, seconds % 60)
        : String.format("%d h %02d min", minutes / 60, minutes % 60);
  }

  /** Text from outside as it may go to a terminal: no control characters, and not too much. */
  static String shown(@Nullable String text) {
    if (text == null) {
      return "-";
    }
    String plain = TerminalText.plain(text);
    return plain.length() <= WIDEST ? plain : plain.substring(0, WIDEST - 1) + "…";
  }
}
