package io.aliecs.relay.host.tail;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.host.terminal.TerminalText;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A record in a few words, harmless to a terminal.
 *
 * @param kind what readers take it for: {@code SOR}, {@code EOR}, {@code list}, …
 * @param content the run, or the runs; empty where there is none
 */
public record RecordSummary(String kind, String content) {
  private static final int NAMED_RUNS = 5;

  /** Of a record with this value; never throws. */
  public static RecordSummary of(String topic, byte @Nullable [] value) {
    Decoded decoded = Decoded.of(topic, value);
    if (decoded instanceof Decoded.Notification notification) {
      return new RecordSummary(kind(topic), run(notification.message().getEnvInfo()));
    } else if (decoded instanceof Decoded.ActiveRuns list) {
      return new RecordSummary("list", runs(list.message()));
    } else if (decoded instanceof Decoded.Broken broken) {
      return KnownTopics.content(topic) == KnownTopics.Content.UNKNOWN
          ? new RecordSummary("the relay's own", "")
          : new RecordSummary("cannot be decoded", TerminalText.plain(broken.reason()));
    }
    return new RecordSummary("event of AliECS", "");
  }

  private static String kind(String inKafka) {
    String topic = KnownTopics.usual(inKafka);
    if (topic.equals(Topics.SOR)) {
      return "SOR";
    } else if (topic.equals(KnownTopics.EOR)) {
      return "EOR";
    } else if (topic.startsWith(Topics.ENTERED_PREFIX)) {
      return "entered " + topic.substring(Topics.ENTERED_PREFIX.length());
    } else if (topic.startsWith(Topics.LEAVING_PREFIX)) {
      return "leaves " + topic.substring(Topics.LEAVING_PREFIX.length());
    }
    return topic.equals(Topics.BEFORE_START) ? "before start" : "started";
  }

  private static String run(EnvInfo env) {
    return env.hasRunNumber()
        ? "run "
            + Integer.toUnsignedString(env.getRunNumber())
            + (env.hasRunType() ? " " + TerminalText.plain(env.getRunType()) : "")
        : "";
  }

  private static String runs(ActiveRunsList list) {
    int runs = list.getActiveRunsCount();
    if (runs == 0) {
      return "no active run";
    }
    return list.getActiveRunsList().stream()
        .limit(NAMED_RUNS)
        .map(env -> Integer.toUnsignedString(env.getRunNumber()))
        .collect(
            Collectors.joining(
                " ",
                runs == 1 ? "1 active run: " : runs + " active runs: ",
                runs > NAMED_RUNS ? " …" : ""));
  }
}
