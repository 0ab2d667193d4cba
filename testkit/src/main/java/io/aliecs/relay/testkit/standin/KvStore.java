package io.aliecs.relay.testkit.standin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key-value store of {@link ConsulStandIn}, with Consul's indexes: every write takes the next
 * one, also one that changes nothing; a write of what is there already changes nothing. For one
 * thread at a time.
 */
final class KvStore {
  /** Where a fresh Consul is when it takes its first write. */
  private static final long FIRST_INDEX = 12;

  private final Map<String, Entry> entries = new HashMap<>();
  private long lastIndex = FIRST_INDEX;
  private long lastChange;

  /**
   * One key with its value.
   *
   * @param createIndex index of the write that created the key
   * @param modifyIndex index of the last write that changed the value
   */
  record Entry(String key, Buffer value, long createIndex, long modifyIndex) {
    /** As Consul writes it; an empty value is null, as there. */
    JsonObject toJson() {
      return new JsonObject()
          .put("LockIndex", 0)
          .put("Key", key)
          .put("Flags", 0)
          .put(
              "Value",
              value.length() > 0 ? Base64.getEncoder().encodeToString(value.getBytes()) : null)
          .put("CreateIndex", createIndex)
          .put("ModifyIndex", modifyIndex);
    }
  }

  /** Takes the index of the write that follows. */
  long nextIndex() {
    return ++lastIndex;
  }

  @Nullable Entry get(String key) {
    return entries.get(key);
  }

  /** The index to report with {@code key}: of its last change or, when missing, of any change. */
  long indexOf(String key) {
    Entry entry = entries.get(key);
    return entry == null ? lastChange : entry.modifyIndex();
  }

  Entry set(long index, String key, Buffer value) {
    Entry existing = entries.get(key);
    if (existing != null && existing.value().equals(value)) {
      return existing;
    }
    Entry entry = new Entry(key, value, existing == null ? index : existing.createIndex(), index);
    entries.put(key, entry);
    lastChange = index;
    return entry;
  }

  void delete(long index, String key) {
    if (entries.remove(key) != null) {
      lastChange = index;
    }
  }
}
