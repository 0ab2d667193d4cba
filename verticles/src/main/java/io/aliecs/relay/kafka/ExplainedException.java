package io.aliecs.relay.kafka;

import org.apache.kafka.common.KafkaException;

/** A failure whose message is all that people need to read. */
public final class ExplainedException extends KafkaException {
  private static final long serialVersionUID = 1L;

  /** With the message and what it explains. */
  public ExplainedException(String message, Throwable cause) {
    super(message, cause);
  }
}
