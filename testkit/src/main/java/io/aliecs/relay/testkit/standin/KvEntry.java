package io.aliecs.relay.testkit.standin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.Base64;

/**
 * One key of {@link KvStore} with its value, never changed once made.
 *
 * @param flags unsigned 64 bits
 * @param createIndex index of the write that created the key
 * @param modifyIndex index of the last write that changed value or flags
 */
record KvEntry(String key, Buffer value, long flags, long createIndex, long modifyIndex) {

  boolean holds(Buffer otherValue, long otherFlags) {
    return flags == otherFlags && value.equals(otherValue);
  }

  /** As Consul writes it; an empty value is null, as there. */
  JsonObject toJson(boolean withValue) {
    return new JsonObject()
        .put("LockIndex", 0)
        .put("Key", key)
        .put("Flags", new BigInteger(Long.toUnsignedString(flags)))
        .put(
            "Value",
            withValue && value.length() > 0
                ? Base64.getEncoder().encodeToString(value.getBytes())
                : null)
        .put("CreateIndex", createIndex)
        .put("ModifyIndex", modifyIndex);
  }
}
