package io.aliecs.relay.consul;

import io.aliecs.relay.text.Quoted;
import io.vertx.ext.consul.KeyValue;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * What Consul said about a key at one moment.
 *
 * @param value the value as UTF-8 text, with U+FFFD for bytes that are none; empty when the key is
 *     not there
 * @param modifyIndex the key's {@code ModifyIndex}, 0 when it is not there
 */
public record KeyReading(String value, long modifyIndex) {

  private static final KeyReading MISSING = new KeyReading("", 0);

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
    return new KeyReading(utf8(answer.getValue()), answer.getModifyIndex());
  }

  /** The library decodes by the platform's encoding: this takes it back, whatever that is. */
  private static String utf8(String decoded) {
    return decoded.indexOf('\uFFFD') >= 0
        ? decoded
        : new String(decoded.getBytes(Charset.defaultCharset()), StandardCharsets.UTF_8);
  }

  private static ConsulException garbage(String found) {
    return new ConsulException(
        ConsulException.Reason.GARBAGE,
        "found " + found + " (expected: the key that was asked for, with its ModifyIndex)");
  }

  /** Whether the key is there. */
  public boolean isPresent() {
    return modifyIndex > 0;
  }
}
