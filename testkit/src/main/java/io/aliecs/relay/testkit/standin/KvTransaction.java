package io.aliecs.relay.testkit.standin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code PUT /v1/txn}: operations on {@link KvStore}, all or none. */
record KvTransaction(List<Operation> operations) {
  static final int MAX_OPERATIONS = 64;

  private record Operation(String verb, String key, Buffer value, long flags) {}

  /** Why an operation does not apply, in Consul's words. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String what) {
      super(what);
    }
  }

  /**
   * What came of it.
   *
   * @param committed false when nothing was changed because an operation was refused
   * @param readOnly whether nothing was to be changed
   * @param body the response as Consul writes it
   */
  record Outcome(boolean committed, boolean readOnly, JsonObject body) {}

  /**
   * Reads a body.
   *
   * @throws IllegalArgumentException when it is not an array of KV operations
   */
  static KvTransaction parse(Buffer body) {
    List<Operation> operations = new ArrayList<>();
    try {
      JsonArray array = new JsonArray(body);
      for (int i = 0; i < array.size(); i++) {
        JsonObject kv = array.getJsonObject(i).getJsonObject("KV");
        if (kv != null) {
          operations.add(operation(kv));
        }
      }
    } catch (DecodeException | ClassCastException | IllegalArgumentException broken) {
      throw new IllegalArgumentException("Failed to parse body: " + broken.getMessage(), broken);
    }
    return new KvTransaction(operations);
  }

  int size() {
    return operations.size();
  }

  /** Applies all operations, or none when one is refused. */
  Outcome applyTo(KvStore store) {
    boolean readOnly = operations.stream().allMatch(operation -> operation.verb.equals("get"));
    KvStore.Snapshot before = store.snapshot();
    long index = readOnly ? 0 : store.nextIndex();
    JsonArray results = new JsonArray();
    JsonArray errors = new JsonArray();
    for (int i = 0; i < operations.size(); i++) {
      try {
        apply(store, index, operations.get(i), results);
      } catch (Refused refused) {
        errors.add(new JsonObject().put("OpIndex", i).put("What", refused.getMessage()));
      }
    }
    boolean committed = errors.isEmpty();
    if (!committed) {
      store.restore(before);
    }
    JsonObject body =
        new JsonObject()
            .put("Results", committed ? results : null)
            .put("Errors", committed ? null : errors);
    if (readOnly) {
      body.put("Index", 0)
          .put("LastContact", 0)
          .put("KnownLeader", true)
          .put("ConsistencyLevel", "");
    }
    return new Outcome(committed, readOnly, body);
  }

  private static void apply(KvStore store, long index, Operation op, JsonArray results)
      throws Refused {
    if (op.key.isEmpty()) {
      throw new Refused("Must provide key");
    }
    switch (op.verb) {
      case "set" -> add(results, store.set(index, op.key, op.value, op.flags), false);
      case "delete" -> store.delete(index, op.key);
      case "get" ->
          add(
              results,
              store
                  .get(op.key)
                  .orElseThrow(() -> new Refused("key \"" + op.key + "\" doesn't exist")),
              true);
      default -> throw new Refused("KV verb \"" + op.verb + "\": this stand-in does not know it");
    }
  }

  private static void add(JsonArray results, KvEntry entry, boolean withValue) {
    results.add(new JsonObject().put("KV", entry.toJson(withValue)));
  }

  private static Operation operation(JsonObject kv) {
    return new Operation(
        kv.getString("Verb", ""),
        kv.getString("Key", ""),
        decode(kv.getString("Value")),
        kv.getLong("Flags", 0L));
  }

  private static Buffer decode(@Nullable String base64) {
    return base64 == null ? Buffer.buffer() : Buffer.buffer(Base64.getDecoder().decode(base64));
  }
}
