package io.aliecs.relay.config;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What Consul said about a key at one moment.
 *
 * @param base64 the value as Consul encodes it, null when the key is not there
 * @param modifyIndex the key's {@code ModifyIndex}, 0 when it is not there
 * @param consulIndex the answer's {@code X-Consul-Index}, 0 when it is missing or unusable
 */
record KeyReading(@Nullable String base64, long modifyIndex, long consulIndex) {

  /** The key is not there. */
  static KeyReading missing(long consulIndex) {
    return new KeyReading(null, 0, consulIndex);
  }

  /** Reads the body of a 200 about one key. */
  static KeyReading fromBody(String key, Buffer body, long consulIndex) throws ConsulFailure {
    JsonArray entries;
    try {
      entries = new JsonArray(body);
    } catch (DecodeException | ClassCastException e) {
      throw garbage(
          "no JSON list: " + Shown.quoted(body.getString(0, Math.min(200, body.length()))));
    }
    if (entries.size() != 1 || !(entries.getValue(0) instanceof JsonObject entry)) {
      throw garbage("a list of " + entries.size() + " entries");
    }
    if (!(entry.getValue("Key") instanceof String name) || !name.equals(key)) {
      throw garbage("an entry for the key " + Shown.quoted(String.valueOf(entry.getValue("Key"))));
    }
    if (!(entry.getValue("ModifyIndex") instanceof Number index)) {
      throw garbage("an entry without ModifyIndex");
    }
    return new KeyReading(value(entry), index.longValue(), consulIndex);
  }

  /** Consul shows an empty value as null. */
  private static String value(JsonObject entry) throws ConsulFailure {
    Object value = entry.getValue("Value");
    if (value == null) {
      return "";
    }
    if (!(value instanceof String text)) {
      throw garbage("a Value that is no text");
    }
    try {
      Base64.getDecoder().decode(text);
      return text;
    } catch (IllegalArgumentException e) {
      throw garbage("a Value that is no base64");
    }
  }

  private static ConsulFailure garbage(String found) {
    return new ConsulFailure(
        ConsulFailure.Reason.GARBAGE,
        "found " + found + " (expected: a JSON list with the one key that was asked for)");
  }

  boolean isPresent() {
    return base64 != null;
  }

  /** The value, none when the key is not there. */
  byte[] bytes() {
    return base64 == null ? new byte[0] : Base64.getDecoder().decode(base64);
  }

  /** True when nobody has written or deleted the key between the two, as far as Consul tells. */
  boolean sameVersionAs(@Nullable KeyReading other) {
    return other != null
        && modifyIndex == other.modifyIndex
        && Objects.equals(base64, other.base64);
  }
}
