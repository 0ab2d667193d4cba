package io.aliecs.relay.host.check;

import io.aliecs.relay.host.check.station.Finding;
import io.aliecs.relay.host.check.station.Finding.Level;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.host.terminal.TerminalText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** What was found, written as it comes: a line each for people, or one JSON object at the end. */
final class Report {
  private static final int LEVEL_WIDTH = 8;
  private static final int ID_WIDTH = 22;

  private final PrintWriter out;
  private final boolean json;
  private final boolean coloured;
  private final List<Finding> findings = new ArrayList<>();

  Report(PrintWriter out, boolean json, boolean coloured) {
    this.out = out;
    this.json = json;
    this.coloured = coloured;
  }

  void add(List<Finding> more) {
    for (Finding finding : more) {
      findings.add(finding);
      if (!json) {
        out.println(Terminal.fitted(line(finding)));
      }
    }
    out.flush();
  }

  void end() {
    out.println(json ? toJson().encode() : summary());
    out.flush();
  }

  boolean hasFailed() {
    return count(Level.FAILED) > 0;
  }

  private String line(Finding finding) {
    String level = String.format("%-" + LEVEL_WIDTH + "s", finding.level().label());
    return (coloured ? colour(finding.level(), level) : level)
        + String.format(" %-" + ID_WIDTH + "s ", finding.id())
        + TerminalText.plain(finding.sentence());
  }

  private static String colour(Level level, String text) {
    String style =
        switch (level) {
          case OK -> "green";
          case WARNING -> "yellow";
          case FAILED -> "red,bold";
          case SKIPPED -> "faint";
        };
    return Ansi.ON.string("@|" + style + " " + text + "|@");
  }

  private String summary() {
    return String.format(
        "%d failed, %d to look at, %d ok, %d skipped",
        count(Level.FAILED), count(Level.WARNING), count(Level.OK), count(Level.SKIPPED));
  }

  private JsonObject toJson() {
    JsonArray all = new JsonArray();
    findings.forEach(finding -> all.add(finding.toJson()));
    Level worst = hasFailed() ? Level.FAILED : count(Level.WARNING) > 0 ? Level.WARNING : Level.OK;
    return new JsonObject().put("level", worst.label()).put("findings", all);
  }

  private long count(Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
