package io.aliecs.relay.host.runs;

import io.aliecs.relay.host.terminal.Aligned;
import io.aliecs.relay.host.terminal.DurationText;
import io.aliecs.relay.host.terminal.TerminalText;
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
    return Aligned.lines(rows);
  }

  private static List<String> row(JsonObject run, boolean plugin, long now, ZoneId zone) {
    long since = run.getLong("enteredAt");
    return List.of(
        Long.toString(run.getLong("runNumber")),
        shown(run.getString("environmentId")),
        shown(run.getString("runType")),
        TIME.format(Instant.ofEpochMilli(since).atZone(zone)),
        DurationText.of(now - since) + (run.getBoolean("endAnnounced") ? " (ending)" : ""),
        plugin && run.getBoolean("publish") ? "yes" : "off",
        run.getJsonArray("detectors").stream()
            .map(detector -> shown(String.valueOf(detector)))
            .collect(Collectors.joining(" ")));
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
