package io.aliecs.relay.testkit.standin;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The key-value store of {@link ConsulStandIn}, with Consul's indexes: every write takes the next
 * one, also one that changes nothing; a write of what is there already changes nothing. For one
 * thread at a time.
 */
final class KvStore {
  /** Where a fresh Consul is when it takes its first write. */
  private static final long FIRST_INDEX = 12;

  private TreeMap<String, KvEntry> entries = new TreeMap<>();
  private long lastIndex = FIRST_INDEX;
  private long lastChange;

  /** Takes the index of the write that follows. */
  long nextIndex() {
    return ++lastIndex;
  }

  Optional<KvEntry> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  List<KvEntry> list(String prefix) {
    return List.copyOf(under(prefix).values());
  }

  /** The index to report with {@code key}: of its last change or, when missing, of any change. */
  long indexOf(String key) {
    return get(key).map(KvEntry::modifyIndex).orElse(lastChange);
  }

  /** The index of the last change, whatever it was of. */
  long lastChange() {
    return lastChange;
  }

  KvEntry set(long index, String key, Buffer value, long flags) {
    KvEntry existing = entries.get(key);
    if (existing != null && existing.holds(value, flags)) {
      return existing;
    }
    long created = existing == null ? index : existing.createIndex();
    KvEntry entry = new KvEntry(key, value, flags, created, index);
    entries.put(key, entry);
    lastChange = index;
    return entry;
  }

  /** Sets only when the key's index is {@code expected}; 0 means that it does not exist. */
  Optional<KvEntry> checkAndSet(long index, long expected, String key, Buffer value, long flags) {
    KvEntry existing = entries.get(key);
    long actual = existing == null ? 0 : existing.modifyIndex();
    return actual == expected ? Optional.of(set(index, key, value, flags)) : Optional.empty();
  }

  void delete(long index, String key) {
    if (entries.remove(key) != null) {
      lastChange = index;
    }
  }

  void deleteTree(long index, String prefix) {
    NavigableMap<String, KvEntry> doomed = under(prefix);
    if (!doomed.isEmpty()) {
      doomed.clear();
      lastChange = index;
    }
  }

  /** What {@link #restore} brings back: everything but the count of writes. */
  record Snapshot(TreeMap<String, KvEntry> entries, long lastChange) {}

  Snapshot snapshot() {
    return new Snapshot(new TreeMap<>(entries), lastChange);
  }

  void restore(Snapshot snapshot) {
    entries = snapshot.entries;
    lastChange = snapshot.lastChange;
  }

  private NavigableMap<String, KvEntry> under(String prefix) {
    return prefix.isEmpty()
        ? entries
        : entries.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
  }
}
