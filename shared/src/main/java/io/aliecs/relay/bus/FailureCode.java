package io.aliecs.relay.bus;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** Why a request over the bus failed; the code of its {@link ReplyException}. */
public enum FailureCode {
  /** The request is wrong; the message says what was found and what was expected. Do not repeat. */
  REFUSED(1),
  /** This host does not lead. Repeat with the same event id. */
  NOT_LEADER(2),
  /** Not started, or shutting down, or the outcome is not known. Repeat with the same event id. */
  NOT_READY(3),
  /** No such environment. */
  UNKNOWN_ENVIRONMENT(4),
  /** As much is waiting for Kafka as may be; nothing more is taken. Repeat later. */
  BACKLOG_FULL(5);

  private final int code;

  FailureCode(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The failure to answer a request with. */
  public ReplyException because(String reason) {
    return new ReplyException(ReplyFailure.RECIPIENT_FAILURE, code, name() + ": " + reason);
  }

  /** Whether a request failed for this reason. */
  public boolean is(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
        && reply.failureCode() == code;
  }
}
