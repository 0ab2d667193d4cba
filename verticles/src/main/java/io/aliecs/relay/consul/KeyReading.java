package io.aliecs.relay.consul;

import io.aliecs.relay.text.Quoted;
import io.vertx.ext.consul.KeyValue;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * What Consul said about a key at one moment.
 *
 * @param value the value as the library decodes it, null when the key is not there
 * @param modifyIndex the key's {@code ModifyIndex}, 0 when it is not there
 */
public record KeyReading(@Nullable String value, long modifyIndex) {

  /** The key is not there. */
  public static final KeyReading MISSING = new KeyReading(null, 0);

  private static final char REPLACEMENT = '\uFFFD';

  /**
   * Takes the library's answer about a key.
   *
   * @throws ConsulException when it is about another key or has no usable index
   */
  static KeyReading of(String key, KeyValue answer) {
    if (!answer.isPresent()) {
      return MISSING;
    }
    if (!answer.getKey().equals(key)) {
      throw garbage("an entry for the key " + Quoted.of(answer.getKey()));
    }
    if (answer.getModifyIndex() <= 0) {
      throw garbage("an entry without ModifyIndex");
    }
    return new KeyReading(answer.getValue(), answer.getModifyIndex());
  }

  private static ConsulException garbage(String found) {
    return new ConsulException(
        ConsulException.Reason.GARBAGE,
        "found " + found + " (expected: the key that was asked for, with its ModifyIndex)");
  }

  /** Whether the key is there. */
  public boolean isPresent() {
    return value != null;
  }

  /**
   * Whether the value is whole: the library makes a text of every value, and U+FFFD of what is no
   * text.
   */
  public boolean isText() {
    return value == null || value.indexOf(REPLACEMENT) < 0;
  }

  /** The value as it is in Consul, none when the key is not there; only what {@link #isText}. */
  public byte[] bytes() {
    // The library decodes by the platform's encoding: this takes it back, whatever that is.
    return value == null ? new byte[0] : value.getBytes(Charset.defaultCharset());
  }
}
