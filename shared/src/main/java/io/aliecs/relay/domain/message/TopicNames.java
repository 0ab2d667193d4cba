package io.aliecs.relay.domain.message;

import java.util.Comparator;
import java.util.stream.Stream;

/**
 * How the topics are called in Kafka. Everywhere else, in the journal, over HTTP, in metrics and in
 * the header {@code ce_type}, a topic goes by its usual name.
 *
 * @param prefix what the names begin with in Kafka, in place of {@value Topics#PREFIX}
 */
public record TopicNames(String prefix) {
  /** As AliECS's own plugin calls them. */
  public static final TopicNames USUAL = new TopicNames(Topics.PREFIX);

  /** The topic's name in Kafka. */
  public String inKafka(String topic) {
    return prefix + topic.substring(Topics.PREFIX.length());
  }

  /** The usual name of a topic with this prefix. */
  public String usual(String inKafka) {
    return Topics.PREFIX + inKafka.substring(prefix.length());
  }

  /**
   * The usual name of one of the relay's topics, whatever its prefix is; of any other one its own
   * name.
   */
  public static String usualOfAny(String inKafka) {
    return Stream.concat(
            Topics.published().stream(), Stream.of(Topics.AFTER_START, Topics.WATERMARK))
        .filter(topic -> inKafka.endsWith(topic.substring(Topics.PREFIX.length())))
        .max(Comparator.comparingInt(String::length))
        .orElse(inKafka);
  }
}
