package io.aliecs.relay.host.tail;

import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which records are shown. Pure.
 *
 * @param environment only what is about it, and lists that it is in; null for all
 * @param run only messages with this number, and lists that it is in; unsigned; null for all
 * @param since only what was written then or later, ms since epoch
 */
record TailFilter(@Nullable String environment, @Nullable Integer run, long since) {
  /** Whether a record is shown. What cannot be decoded is about nobody. */
  boolean matches(ConsumerRecord<byte[], byte[]> record) {
    if (record.timestamp() < since) {
      return false;
    }
    return (environment == null && run == null)
        || subjects(Decoded.of(record.topic(), record.value())).anyMatch(this::matches);
  }

  /** Whom a message is about. */
  private record Subject(String environment, @Nullable Integer run) {}

  private boolean matches(Subject subject) {
    return (environment == null || environment.equals(subject.environment()))
        && (run == null || Objects.equals(run, subject.run()));
  }

  private static Stream<Subject> subjects(Decoded decoded) {
    if (decoded instanceof Decoded.Notification notification) {
      return Stream.of(subject(notification.message().getEnvInfo()));
    } else if (decoded instanceof Decoded.ActiveRuns list) {
      return list.message().getActiveRunsList().stream().map(TailFilter::subject);
    } else if (decoded instanceof Decoded.AliEcsEvent event) {
      return subject(event.message());
    }
    return Stream.empty();
  }

  private static Subject subject(EnvInfo env) {
    return new Subject(env.getEnvironmentId(), env.hasRunNumber() ? env.getRunNumber() : null);
  }

  private static Stream<Subject> subject(Event event) {
    return switch (event.getPayloadCase()) {
      case ENVIRONMENTEVENT ->
          Stream.of(
              new Subject(
                  event.getEnvironmentEvent().getEnvironmentId(),
                  event.getEnvironmentEvent().getRunNumber()));
      case RUNEVENT ->
          Stream.of(
              new Subject(
                  event.getRunEvent().getEnvironmentId(), event.getRunEvent().getRunNumber()));
      default -> Stream.empty();
    };
  }
}
