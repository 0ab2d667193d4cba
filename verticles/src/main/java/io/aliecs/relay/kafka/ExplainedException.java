package io.aliecs.relay.kafka;

import org.apache.kafka.common.KafkaException;

/** A failure whose message says to people all there is to say. */
public final class ExplainedException extends KafkaException {
  private static final long serialVersionUID = 1L;

  /** With the message and what it is about. */
  public ExplainedException(String message, Throwable cause) {
    super(message, cause);
  }
}
