package io.aliecs.relay.lab.verify.expected;

import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an environment, and what readers must receive about it.
 *
 * @param order place among all changes of all environments, ascending
 * @param timestamp when it happened, ms since epoch
 * @param published whether the environment's messages go to Kafka at all
 * @param messages in this order, before the list
 * @param listed whether a list of active runs follows
 * @param run the environment's place in the list from now on, null when it has none
 */
public record ExpectedChange(
    long order,
    String environmentId,
    long timestamp,
    boolean published,
    List<ExpectedMessage> messages,
    boolean listed,
    @Nullable EnvInfo run) {

  public ExpectedChange {
    messages = List.copyOf(messages);
  }
}
