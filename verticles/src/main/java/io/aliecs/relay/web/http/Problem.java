package io.aliecs.relay.web.http;

import io.aliecs.relay.text.Printable;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 has it.
 *
 * @param status the HTTP status
 * @param detail what was found and what was expected, for people
 */
public record Problem(int status, String detail) {
  private static final int SHOWN = 80;

  /** What a handler of {@link Routes} throws when a request is wrong; its message is the detail. */
  public static final class BadRequest extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public BadRequest(String detail) {
      super(detail);
    }

    public BadRequest(String detail, Throwable cause) {
      super(detail, cause);
    }
  }

  /** Text from a client, fit to be shown: in quotes, printable and cut to a bounded length. */
  public static String shown(@Nullable String text) {
    return text == null ? "none" : '"' + Printable.text(text, SHOWN) + '"';
  }

  Buffer toBuffer() {
    return Buffer.buffer(
        new JsonObject()
            .put("type", "about:blank")
            .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
            .put("status", status)
            .put("detail", detail)
            .encode());
  }
}
