package io.aliecs.relay.config;

import java.util.Locale;

/** Consul could not be asked, or what it answered cannot be used. Carries no stack trace. */
final class ConsulFailure extends Exception {

  private static final long serialVersionUID = 1L;

  /** The few reasons, each a value of the metric's label {@code reason}. */
  enum Reason {
    /** No connection, or a connection that broke. */
    UNREACHABLE,
    /** No whole answer in time. */
    TIMEOUT,
    /** 401 or 403: the token is missing, revoked, or may not read the key. */
    FORBIDDEN,
    /** 429: too many requests. */
    THROTTLED,
    /** 500 or more, "No cluster leader" among them. */
    SERVER_ERROR,
    /** An answer that Consul does not give: HTML, cut JSON, another key, a strange status. */
    GARBAGE,
    /** An answer larger than any that Consul gives. */
    OVERSIZED,
    /** An answer without a usable {@code X-Consul-Index}. */
    NO_INDEX,
    /** The keys changed faster than both could be read together. */
    UNSETTLED,
    /** The file with the token cannot be used. */
    TOKEN_FILE,
    /** We gave up the request ourselves. */
    CANCELLED;

    /** As a metric label. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Reason reason;

  ConsulFailure(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** What any failed future of this package means. */
  static ConsulFailure of(Throwable cause) {
    return cause instanceof ConsulFailure failure
        ? failure
        : new ConsulFailure(Reason.UNREACHABLE, Shown.plain(String.valueOf(cause)));
  }

  Reason reason() {
    return reason;
  }
}
