package io.aliecs.relay.domain.environment;

import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.message.OutboxMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event does to one environment.
 *
 * @param environment the environment afterwards; null when it is still not known
 * @param messages what is to be published, in this order
 * @param reason why it was not applied as it stands, or what is unusual about it; empty otherwise
 */
public record Outcome(
    Verdict verdict,
    @Nullable Environment environment,
    List<OutboxMessage> messages,
    String reason) {
  public Outcome {
    messages = List.copyOf(messages);
  }

  static Outcome of(Verdict verdict, @Nullable Environment environment, String reason) {
    return new Outcome(verdict, environment, List.of(), reason);
  }
}
