package io.aliecs.relay.web.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with, ready to be sent any number of times. Immutable.
 *
 * @param body must not be changed
 * @param etag a weak entity tag, with its quotes; null: clients keep no copy
 * @param headers those beside the ones that every answer has
 */
public record Answer(
    int status,
    String mediaType,
    Buffer body,
    @Nullable String etag,
    Map<CharSequence, CharSequence> headers) {
  /** Success without a body. */
  public static final Answer NO_CONTENT =
      new Answer(204, "text/plain", Buffer.buffer(), null, Map.of());

  private static final String JSON = "application/json";
  private static final String PROBLEM_JSON = "application/problem+json";
  private static final String WEAK = "W/";

  public Answer {
    headers = Map.copyOf(headers);
  }

  /** Serialises; a text with half a character in it (a lone surrogate) gets a "?" there. */
  public static Answer json(int status, JsonObject json) {
    return new Answer(status, JSON, Buffer.buffer(json.encode()), null, Map.of());
  }

  /** A document whose tag is that of a version of it. */
  public static Answer versioned(JsonObject json, String etag) {
    return new Answer(200, JSON, Buffer.buffer(json.encode()), etag, Map.of());
  }

  /** A document with a tag made from the content, for what does not follow the journal alone. */
  public static Answer tagged(JsonObject json) {
    return tagged(JSON, Buffer.buffer(json.encode()));
  }

  /** The same of any content. */
  public static Answer tagged(String mediaType, Buffer body) {
    return new Answer(200, mediaType, body, etag(body), Map.of());
  }

  /** A weak entity tag made from some content. */
  public static String etag(Buffer content) {
    return WEAK + '"' + UUID.nameUUIDFromBytes(content.getBytes()) + '"';
  }

  /** An error. */
  public static Answer of(Problem problem) {
    return new Answer(problem.status(), PROBLEM_JSON, problem.toBuffer(), null, Map.of());
  }

  /** An error, as {@link Problem} has it. */
  public static Answer problem(int status, String detail) {
    return of(new Problem(status, detail));
  }

  /** The same with one more header. */
  public Answer with(CharSequence name, CharSequence value) {
    Map<CharSequence, CharSequence> more = new HashMap<>(headers);
    more.put(name, value);
    return new Answer(status, mediaType, body, etag, more);
  }

  /** Whether a client that sends this {@code If-None-Match} has this document already. */
  boolean matches(@Nullable String ifNoneMatch) {
    if (etag == null || ifNoneMatch == null) {
      return false;
    }
    String opaque = opaque(etag);
    return Arrays.stream(ifNoneMatch.split(",", -1))
        .map(String::strip)
        .anyMatch(tag -> tag.equals("*") || opaque(tag).equals(opaque));
  }

  private static String opaque(String tag) {
    return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
  }
}
