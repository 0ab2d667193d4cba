package io.aliecs.relay.web.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.UUID;

/**
 * An answer, ready to be sent any number of times.
 *
 * @param body must not be changed
 * @param etag a weak entity tag, with its quotes
 */
public record Document(Buffer body, String etag) {
  private static final String WEAK = "W/";

  /** Serialises; a text with half a character in it (a lone surrogate) gets a "?" there. */
  public static Document of(JsonObject json, String etag) {
    return new Document(Buffer.buffer(json.encode()), etag);
  }

  /** The same with a tag made from the content, for what does not follow the journal alone. */
  public static Document tagged(JsonObject json) {
    return tagged(Buffer.buffer(json.encode()));
  }

  /** The same of any content. */
  public static Document tagged(Buffer body) {
    return new Document(body, WEAK + '"' + UUID.nameUUIDFromBytes(body.getBytes()) + '"');
  }

  /** Whether a client that sends this {@code If-None-Match} has this document already. */
  boolean matches(String ifNoneMatch) {
    String opaque = opaque(etag);
    return Arrays.stream(ifNoneMatch.split(",", -1))
        .map(String::strip)
        .anyMatch(tag -> tag.equals("*") || opaque(tag).equals(opaque));
  }

  private static String opaque(String tag) {
    return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
  }
}
