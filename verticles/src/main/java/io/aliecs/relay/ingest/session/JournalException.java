package io.aliecs.relay.ingest.session;

/** The journal did not take something, or it is not known whether it has. */
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JournalException(Throwable cause) {
    super("journal: " + cause.getMessage(), cause);
  }
}
