package io.aliecs.relay.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.NodeInfo;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that a member of the bus says of itself. Each one replaces those before it: there is nothing
 * to miss, and nothing to be repeated after members lost each other.
 *
 * @param node tells members from each other, and one from itself before its last start
 * @param sequence ascending; of two announcements of a member the higher one is true
 * @param hostId which control host it is, empty for a guest
 * @param address of its event bus
 * @param port of its event bus
 * @param consumes addresses on the bus that it takes messages for, those of its own host left out
 */
record Announcement(
    String node, long sequence, String hostId, String address, int port, Set<String> consumes) {

  /** Most bytes of one on the wire. */
  static final int BYTES_LIMIT = 64 * 1024;

  private static final int VERSION = 1;

  Announcement {
    consumes = Set.copyOf(consumes);
  }

  NodeInfo info() {
    return new NodeInfo(address, port, new JsonObject());
  }

  /** One line of JSON, the end of the line not among it. */
  Buffer toLine() {
    return new JsonObject()
        .put("version", VERSION)
        .put("node", node)
        .put("sequence", sequence)
        .put("host", hostId)
        .put("address", address)
        .put("port", port)
        .put("consumes", new JsonArray(new TreeSet<>(consumes).stream().toList()))
        .toBuffer();
  }

  /**
   * Reads one; fields that are not known are skipped.
   *
   * @throws IllegalArgumentException saying what was found and expected
   */
  static Announcement parse(Buffer line) {
    try {
      JsonObject json = new JsonObject(line);
      int version = json.getInteger("version", 0);
      if (version < 1 || version > VERSION) {
        throw new IllegalArgumentException(
            "version: " + version + " (expected: 1 to " + VERSION + ")");
      }
      return new Announcement(
          required(json.getString("node"), "node"),
          required(json.getLong("sequence"), "sequence"),
          json.getString("host", ""),
          required(json.getString("address"), "address"),
          required(json.getInteger("port"), "port"),
          Set.copyOf(names(json.getJsonArray("consumes", new JsonArray()))));
    } catch (DecodeException | ClassCastException e) {
      throw new IllegalArgumentException(
          "not an announcement: " + e.getMessage() + " (expected: one JSON object a line)", e);
    }
  }

  private static <T> T required(@org.jspecify.annotations.Nullable T value, String field) {
    if (value == null) {
      throw new IllegalArgumentException(field + ": absent (expected: a value)");
    }
    return value;
  }

  private static Set<String> names(JsonArray array) {
    Set<String> names = new TreeSet<>();
    array.forEach(name -> names.add((String) name));
    return names;
  }
}
