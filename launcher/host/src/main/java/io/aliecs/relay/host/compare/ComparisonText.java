package io.aliecs.relay.host.compare;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.host.compare.Comparison.Result;
import io.aliecs.relay.host.terminal.TerminalText;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Differences and what they come to, for people or as JSON lines. Pure.
 *
 * @param zone of the times for people
 */
record ComparisonText(boolean json, ZoneId zone) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  String of(Difference difference) {
    Statement statement = difference.statement();
    String kind =
        statement.kind().startsWith(Topics.PREFIX)
            ? statement.kind().substring(Topics.PREFIX.length())
            : statement.kind();
    if (json) {
      JsonObject line =
          new JsonObject()
              .put("difference", difference.kind().name().toLowerCase(Locale.ROOT))
              .put("counts", difference.kind().counts())
              .put("side", statement.side().text())
              .put("what", kind)
              .put("environment", statement.environment())
              .put("run", statement.run().isEmpty() ? null : Long.valueOf(statement.run()))
              .put("timestamp", statement.messageTime())
              .put("detail", difference.detail());
      return line.encode();
    }
    return "%s  %-11s  %-28s  %-12s %10s  %s"
        .formatted(
            TIME.format(Instant.ofEpochMilli(statement.messageTime()).atZone(zone)),
            difference.kind().text(),
            kind,
            TerminalText.plain(statement.environment()),
            statement.run().isEmpty() ? "-" : statement.run(),
            TerminalText.plain(detail(difference)))
        .stripTrailing();
  }

  private static String detail(Difference difference) {
    return switch (difference.kind()) {
      case RELAY_ANNOUNCES -> "the plugin never announces STANDBY";
      case PLUGIN_REPEATS -> "the plugin says the end of this run twice";
      default -> difference.detail();
    };
  }

  String of(Result result) {
    if (json) {
      JsonObject found = new JsonObject();
      new TreeMap<>(result.found())
          .forEach((kind, count) -> found.put(kind.name().toLowerCase(Locale.ROOT), count));
      return new JsonObject()
          .put("alike", result.isAlike())
          .put("same", result.alike())
          .put("differences", found)
          .put("open", result.open())
          .put("saidMs", quantiles(result.messageTime()))
          .put("writtenMs", quantiles(result.recordTime()))
          .encode();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        (result.isAlike() ? "alike: " : result.alike() == 0 ? "nothing in both: " : "differs: ")
            + result.alike()
            + " the same, "
            + counted(result)
            + result.open()
            + " too near the beginning or the end to tell");
    if (!result.messageTime().isEmpty()) {
      lines.add("relay against plugin, time in the message: " + shift(result.messageTime()));
      lines.add("relay against plugin, time of writing:     " + shift(result.recordTime()));
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static String counted(Result result) {
    StringBuilder counted = new StringBuilder();
    new TreeMap<>(result.found())
        .forEach(
            (kind, count) -> counted.append(count).append(' ').append(kind.counted()).append(", "));
    return counted.toString();
  }

  private static String shift(TimeShift shift) {
    return "half within %+d ms, 1%% to 99%%: %+d to %+d ms, all: %+d to %+d ms"
        .formatted(
            shift.quantile(0.5),
            shift.quantile(0.01),
            shift.quantile(0.99),
            shift.quantile(0),
            shift.quantile(1));
  }

  private static JsonObject quantiles(TimeShift shift) {
    return new JsonObject()
        .put("least", shift.quantile(0))
        .put("p50", shift.quantile(0.5))
        .put("p99", shift.quantile(0.99))
        .put("most", shift.quantile(1));
  }
}
