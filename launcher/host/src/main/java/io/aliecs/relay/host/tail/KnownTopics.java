package io.aliecs.relay.host.tail;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.ingest.stream.StreamConsumer;
import java.util.List;
import java.util.stream.Stream;

/** The topics that {@code tail} knows by name, and what their values are. */
final class KnownTopics {
  enum Content {
    NOTIFICATION,
    ACTIVE_RUNS,
    ALIECS_EVENT,
    UNKNOWN
  }

  /** End of run: an environment is about to leave RUNNING. */
  static final String EOR = Topics.leaving(State.RUNNING);

  /** AliECS knows it and has never triggered it. */
  private static final String START = "aliecs.start_activity";

  private static final String START_ENDING = START.substring(Topics.PREFIX.length());

  /** What the relay publishes: followed when no topic is named. */
  static final List<String> PUBLISHED =
      Stream.of(
              Stream.of(Topics.BEFORE_START),
              perEnvironment(Topics.LEAVING_PREFIX),
              perEnvironment(Topics.ENTERED_PREFIX),
              Stream.of(START, Topics.AFTER_START, Topics.ACTIVE_RUNS))
          .flatMap(topics -> topics)
          .toList();

  static final List<String> RUNS = List.of(Topics.SOR, EOR);

  private KnownTopics() {}

  /** The usual name of a topic with any prefix. */
  static String usual(String inKafka) {
    String usual = TopicNames.usualOfAny(inKafka);
    return usual.equals(inKafka) && inKafka.endsWith(START_ENDING) ? START : usual;
  }

  private static Stream<String> perEnvironment(String prefix) {
    return Topics.perEnvironment().stream().filter(topic -> topic.startsWith(prefix));
  }

  static Content content(String inKafka) {
    String topic = usual(inKafka);
    if (topic.equals(Topics.ACTIVE_RUNS)) {
      return Content.ACTIVE_RUNS;
    } else if (StreamConsumer.TOPICS.contains(topic)) {
      return Content.ALIECS_EVENT;
    }
    boolean isOfEnvironment =
        PUBLISHED.contains(topic)
            || topic.startsWith(Topics.ENTERED_PREFIX)
            || topic.startsWith(Topics.LEAVING_PREFIX);
    return isOfEnvironment ? Content.NOTIFICATION : Content.UNKNOWN;
  }

  /** Where records of one moment belong: before the start, leaving, entering, lists, the rest. */
  static int rank(String inKafka) {
    int index = PUBLISHED.indexOf(usual(inKafka));
    return index < 0 ? PUBLISHED.size() : index;
  }
}
