package io.aliecs.relay.testkit.standin;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
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
  private TreeMap<String, Long> tombstones = new TreeMap<>();
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

  /** Keys under {@code prefix}, those with {@code separator} after it cut there; "" cuts none. */
  List<String> keys(String prefix, String separator) {
    List<String> keys = new ArrayList<>();
    for (String key : under(prefix).keySet()) {
      int at = separator.isEmpty() ? -1 : key.indexOf(separator, prefix.length());
      String shown = at < 0 ? key : key.substring(0, at + separator.length());
      if (keys.isEmpty() || !keys.get(keys.size() - 1).equals(shown)) {
        keys.add(shown);
      }
    }
    return keys;
  }

  /** The index to report with {@code key}: of its last change or, when missing, of any change. */
  long indexOf(String key) {
    return get(key).map(KvEntry::modifyIndex).orElse(lastChange);
  }

  /** The index to report with what is under {@code prefix}, deletions counted. */
  long indexUnder(String prefix) {
    if (prefix.isEmpty()) {
      return lastChange;
    }
    long index = 0;
    for (KvEntry entry : under(prefix).values()) {
      index = Math.max(index, entry.modifyIndex());
    }
    for (long deleted : tombstones.subMap(prefix, true, end(prefix), false).values()) {
      index = Math.max(index, deleted);
    }
    return index == 0 ? lastChange : index;
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
      tombstones.put(key, index);
      lastChange = index;
    }
  }

  /** Deletes only when the key's index is {@code expected}; a missing key counts as deleted. */
  boolean checkAndDelete(long index, long expected, String key) {
    KvEntry existing = entries.get(key);
    if (existing != null && existing.modifyIndex() != expected) {
      return false;
    }
    delete(index, key);
    return true;
  }

  void deleteTree(long index, String prefix) {
    NavigableMap<String, KvEntry> doomed = under(prefix);
    if (!doomed.isEmpty()) {
      doomed.clear();
      lastChange = index;
      if (!prefix.isEmpty()) {
        tombstones.put(prefix, index);
      }
    }
  }

  /** What {@link #restore} brings back: everything but the count of writes. */
  record Snapshot(
      TreeMap<String, KvEntry> entries, TreeMap<String, Long> tombstones, long lastChange) {}

  Snapshot snapshot() {
    return new Snapshot(new TreeMap<>(entries), new TreeMap<>(tombstones), lastChange);
  }

  void restore(Snapshot snapshot) {
    entries = snapshot.entries;
    tombstones = snapshot.tombstones;
    lastChange = snapshot.lastChange;
  }

  private NavigableMap<String, KvEntry> under(String prefix) {
    return prefix.isEmpty() ? entries : entries.subMap(prefix, true, end(prefix), false);
  }

  private static String end(String prefix) {
    return prefix + Character.MAX_VALUE;
  }
}
