package io.aliecs.relay.host.tail;

import io.aliecs.relay.host.terminal.TerminalText;
import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.Ev_RunEvent;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.events.OpStatus;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records in aligned columns for people: time, topic, environment, run, type, state, detectors; a
 * list of active runs as a block. Whatever could move the cursor is shown as a question mark.
 */
final class TextColumns {
  private static final int TOPIC_WIDTH = 33;
  private static final String ROW = "%s  %-12s %10s  %-12s %s  %s";

  private final DateTimeFormatter time;
  private final Palette palette;

  TextColumns(ZoneId zone, Palette palette) {
    this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(zone);
    this.palette = palette;
  }

  /** The names of the columns, aligned with them. */
  String header() {
    return ROW.formatted(
        pad("TIME", 23) + "  " + pad("TOPIC", TOPIC_WIDTH),
        "ENVIRONMENT",
        "RUN",
        "TYPE",
        pad("STATE", 10),
        "DETECTORS");
  }

  String format(ConsumerRecord<byte[], byte[]> record) {
    String start =
        palette.faint(time.format(Instant.ofEpochMilli(record.timestamp())))
            + "  "
            + pad(record.topic(), TOPIC_WIDTH);
    Decoded decoded = Decoded.of(record.topic(), record.value());
    if (decoded instanceof Decoded.Notification notification) {
      return row(start, notification.message().getEnvInfo());
    } else if (decoded instanceof Decoded.ActiveRuns runs) {
      return block(start, runs.message());
    } else if (decoded instanceof Decoded.AliEcsEvent event) {
      return event(start, event.message());
    } else if (decoded instanceof Decoded.Broken broken) {
      return start
          + "  "
          + palette.bad(
              "cannot be decoded: partition %d, offset %d: %s %s"
                  .formatted(
                      record.partition(),
                      record.offset(),
                      TerminalText.plain(broken.reason()),
                      broken.hex())
                  .stripTrailing());
    }
    return start;
  }

  private String row(String start, EnvInfo env) {
    return ROW.formatted(
            start,
            TerminalText.plain(env.getEnvironmentId()),
            env.hasRunNumber() ? Integer.toUnsignedString(env.getRunNumber()) : "-",
            env.hasRunType() ? TerminalText.plain(env.getRunType()) : "-",
            palette.state(env.getState(), pad(TerminalText.plain(env.getState()), 10)),
            TerminalText.plain(String.join(" ", env.getDetectorsList())))
        .stripTrailing();
  }

  private String block(String start, ActiveRunsList list) {
    int runs = list.getActiveRunsCount();
    StringBuilder block =
        new StringBuilder(start)
            .append("  ")
            .append(
                runs == 0 ? "no active run" : runs == 1 ? "1 active run" : runs + " active runs");
    String indent = pad("", 23) + "  " + pad("", TOPIC_WIDTH - 2) + "· ";
    for (EnvInfo env : list.getActiveRunsList()) {
      block.append(System.lineSeparator()).append(row(indent, env));
    }
    return block.toString();
  }

  private String event(String start, Event event) {
    return switch (event.getPayloadCase()) {
      case ENVIRONMENTEVENT -> environmentEvent(start, event.getEnvironmentEvent());
      case RUNEVENT -> runEvent(start, event.getRunEvent());
      case CORESTARTEVENT -> start + "  AliECS's core has started";
      case PAYLOAD_NOT_SET ->
          start + "  " + palette.faint("another payload: field " + unknownFields(event));
    };
  }

  private String environmentEvent(String start, Ev_EnvironmentEvent event) {
    String what =
        event.getTransition()
            + (event.getTransitionStep().isEmpty() ? "" : " " + event.getTransitionStep())
            + (event.getTransitionStatus() == OpStatus.NULL
                ? ""
                : " " + event.getTransitionStatus());
    return eventRow(
        start,
        event.getEnvironmentId(),
        event.getRunNumber(),
        event.getState(),
        (what + " " + event.getMessage()).strip(),
        event.getError());
  }

  private String runEvent(String start, Ev_RunEvent event) {
    return eventRow(
        start,
        event.getEnvironmentId(),
        event.getRunNumber(),
        event.getState(),
        event.getTransition() + " " + event.getTransitionStatus(),
        event.getError());
  }

  private String eventRow(
      String start, String environment, int run, String state, String what, String error) {
    return ROW.formatted(
            start,
            TerminalText.plain(environment),
            run == 0 ? "-" : Integer.toUnsignedString(run),
            "-",
            palette.state(state, pad(TerminalText.plain(state), 10)),
            TerminalText.plain(what)
                + (error.isEmpty() ? "" : " " + palette.bad(TerminalText.plain(error))))
        .stripTrailing();
  }

  private static String unknownFields(Event event) {
    return event.getUnknownFields().asMap().keySet().toString();
  }

  private static String pad(String text, int width) {
    return ("%-" + width + "s").formatted(text);
  }
}
