package io.aliecs.relay.consul;

import io.aliecs.relay.text.Quoted;
import io.aliecs.relay.text.UnknownHosts;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Consul could not be asked, or what it answered cannot be used. Carries no stack trace. */
public final class ConsulException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** How the library says that the status was not one it takes: without its number. */
  private static final Pattern STATUS =
      Pattern.compile("Status message: '(.*?)'\\. Body: '(.*)' ", Pattern.DOTALL);

  /** The few reasons, each a value of the metric's label {@code reason}. */
  public enum Reason {
    /** No connection, or a connection that broke. */
    UNREACHABLE,
    /** No whole answer in time. */
    TIMEOUT,
    /** 401 or 403, or a key left out: the token is missing, revoked, or may not read the key. */
    FORBIDDEN,
    /** 405, 501, or words that are no known status: something on the way does not pass it on. */
    NOT_PASSED_ON,
    /** 429: too many requests. */
    THROTTLED,
    /** 500 or more, "No cluster leader" among them. */
    SERVER_ERROR,
    /** An answer that Consul does not give: HTML, cut JSON, another key, a strange status. */
    GARBAGE,
    /** An answer larger than any that Consul gives. */
    OVERSIZED,
    /** The keys changed faster than both could be read together. */
    UNSETTLED,
    /** The file with the token cannot be used. */
    TOKEN_FILE,
    /** We gave up the request ourselves. */
    CANCELLED;

    /** As a metric label. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where the agents are set. */
  private static final String ADDRESS = "CONSUL_HTTP_ADDR";

  private final Reason reason;

  ConsulException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /**
   * What a failed future of Consul's client means.
   *
   * @param agent which was asked, for people
   */
  static ConsulException of(Throwable cause, String agent) {
    if (UnknownHosts.areWhy(cause)) {
      return new ConsulException(
          Reason.UNREACHABLE, UnknownHosts.sentence(List.of(agent), ADDRESS));
    }
    ConsulException failure = of(cause);
    return switch (failure.reason) {
      case UNREACHABLE, TIMEOUT ->
          new ConsulException(
              failure.reason,
              "%s (expected: a Consul agent at %s, as %s says)"
                  .formatted(failure.getMessage(), agent, ADDRESS));
      default -> failure;
    };
  }

  /** What a failed future of Consul's client means. */
  public static ConsulException of(Throwable cause) {
    if (cause instanceof ConsulException known) {
      return known;
    }
    String message = String.valueOf(cause.getMessage());
    Matcher status = STATUS.matcher(message);
    if (cause instanceof VertxException && status.matches()) {
      return refused(status.group(1), status.group(2));
    }
    if (cause instanceof CodecException && cause.getCause() != null) {
      return of(cause.getCause()); // what TLS says, as Netty wraps it
    }
    boolean transport = cause instanceof IOException || cause instanceof VertxException;
    return new ConsulException(
        transport ? Reason.UNREACHABLE : Reason.GARBAGE,
        Quoted.plain(transport && cause.getMessage() != null ? message : cause.toString()));
  }

  private static ConsulException refused(String phrase, String body) {
    int status =
        IntStream.range(300, 600)
            .filter(code -> HttpResponseStatus.valueOf(code).reasonPhrase().equals(phrase))
            .findFirst()
            .orElse(0);
    Reason reason =
        switch (status) {
          case 401, 403 -> Reason.FORBIDDEN;
          case 0, 405, 501 -> Reason.NOT_PASSED_ON;
          case 429 -> Reason.THROTTLED;
          default -> status >= 500 ? Reason.SERVER_ERROR : Reason.GARBAGE;
        };
    String shown = status == 0 ? Quoted.of(phrase) : String.valueOf(status);
    return new ConsulException(reason, "HTTP status " + shown + " " + Quoted.of(body.strip()));
  }

  /** Which of the few reasons it is. */
  public Reason reason() {
    return reason;
  }
}
