package io.aliecs.relay.kafka;

import io.aliecs.relay.settings.KafkaClientProperties;
import io.aliecs.relay.text.Causes;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Why a Kafka client does not work, in one line for people: who is refused what, and what is
 * expected. Never shows a secret: where the client would quote the value of a property, only its
 * name is shown.
 *
 * @param transactionalId of the producer, empty for readers
 */
public record ClientFailure(KafkaClientProperties properties, String transactionalId) {

  /** The reason. Reads files, as {@link KafkaClientProperties#principal} does. */
  public String reason(Throwable failure) {
    List<Throwable> chain = Causes.of(failure);
    for (Throwable cause : chain) {
      String known = known(cause);
      if (known != null) {
        return known;
      }
    }
    // What Kafka wraps an error in says less than the error.
    return chain.stream()
        .map(Throwable::getMessage)
        .filter(message -> message != null && !message.isBlank())
        .filter(message -> !message.startsWith("Cannot execute transactional method"))
        .filter(message -> !message.startsWith("Failed to construct kafka"))
        .filter(message -> !message.startsWith("Failed to create new "))
        .filter(message -> !message.startsWith("java.util.concurrent."))
        .filter(message -> !message.startsWith("org.apache.kafka."))
        .findFirst()
        .orElse(chain.get(chain.size() - 1).getClass().getSimpleName());
  }

  /**
   * Why a reader gets nothing from these brokers, whole and in one line. Reads files, as {@link
   * #reason} does.
   */
  public String ofReader(String bootstrap, Throwable failure) {
    return failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException
        ? "cannot reach Kafka at " + bootstrap + " (expected: a reachable broker as HOST:PORT)"
        : "cannot read from Kafka at " + bootstrap + ": " + reason(failure);
  }

  /** Whether the TLS handshake failed. */
  public static boolean isTls(Throwable failure) {
    return Causes.of(failure).stream().anyMatch(SslAuthenticationException.class::isInstance);
  }

  private @Nullable String known(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof ExplainedException) {
      return message;
    }
    if (cause instanceof ConfigException) {
      return property(message);
    }
    if (cause instanceof IllegalArgumentException && message.contains("JAAS config")) {
      return "kafka.client.sasl.jaas.config is wrong"
          + " (expected: MODULE required username=\"NAME\" password=\"SECRET\";)";
    }
    if (cause instanceof SslAuthenticationException) {
      return "no TLS between Kafka and "
          + properties.principal()
          + ": "
          + innermost(cause)
          + " (expected: certificates that are valid, on both sides)";
    }
    if (cause instanceof AuthenticationException) {
      return "Kafka does not let in "
          + properties.principal()
          + ": "
          + message
          + " (expected: a name and a password that it knows)";
    }
    if (cause instanceof TransactionalIdAuthorizationException) {
      return properties.principal()
          + " may not use transactional.id "
          + transactionalId
          + " (expected: the right Write on it)";
    }
    if (cause instanceof TopicAuthorizationException refused) {
      return properties.principal()
          + " is refused by topic "
          + String.join(", ", new TreeSet<>(refused.unauthorizedTopics()))
          + " (expected: the right "
          + (transactionalId.isEmpty() ? "Read" : "Write")
          + " on it)";
    }
    if (cause instanceof ClusterAuthorizationException) {
      return properties.principal()
          + " is refused by the cluster: "
          + message
          + " (expected: the right IdempotentWrite on it)";
    }
    return null;
  }

  /** Only the innermost cause names the certificate and what is wrong with it. */
  private static String innermost(Throwable failure) {
    return Causes.of(failure).stream()
        .map(Throwable::getMessage)
        .filter(message -> message != null && !message.isBlank())
        .reduce((outer, inner) -> inner)
        .orElse(failure.getClass().getSimpleName());
  }

  /** The client's own message quotes the value. */
  private static String property(String message) {
    String[] words = message.split(" configuration ", 2);
    String name = words.length < 2 ? "*" : words[1].split("[: ]", 2)[0];
    return "kafka.client." + name + " is wrong (expected: a value that Kafka's clients take)";
  }
}
