package io.aliecs.relay.kafka;

import io.aliecs.relay.text.Causes;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What kind of failure of a Kafka client it is, for metrics: few, and all known beforehand. */
public enum FailureKind {
  /** No broker has an address. */
  ADDRESS,
  /** A property of the client is wrong. */
  SETTING,
  /** Kafka does not let in this user, or there is no TLS with it. */
  AUTHENTICATION,
  /** This user has no right to do so. */
  AUTHORIZATION,
  /** Another publisher has taken over. */
  FENCED,
  /** Kafka does not answer in time. */
  TIMEOUT,
  /** Kafka answers that it cannot, now. */
  BROKER,
  OTHER;

  /** The kind of the first cause that has one. */
  public static FailureKind of(Throwable failure) {
    return Causes.of(failure).stream()
        .map(FailureKind::known)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(OTHER);
  }

  private static @Nullable FailureKind known(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return ADDRESS;
    }
    if (cause instanceof ConfigException) {
      return SETTING;
    }
    if (cause instanceof AuthenticationException) {
      return AUTHENTICATION;
    }
    if (cause instanceof AuthorizationException) {
      return AUTHORIZATION;
    }
    if (cause instanceof ProducerFencedException
        || cause instanceof InvalidProducerEpochException) {
      return FENCED;
    }
    if (cause instanceof TimeoutException
        || cause instanceof java.util.concurrent.TimeoutException) {
      return TIMEOUT;
    }
    return cause instanceof RetriableException ? BROKER : null;
  }

  /** Its name in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
