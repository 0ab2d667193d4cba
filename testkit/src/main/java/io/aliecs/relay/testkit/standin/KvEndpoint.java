package io.aliecs.relay.testkit.standin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /v1/kv} and {@code /v1/txn} of {@link ConsulStandIn}. For one event loop only. */
record KvEndpoint(KvStore store, BlockingQueries queries) {
  /** What Consul knows and this does not: done without it, a request would do something else. */
  private static final List<String> UNKNOWN =
      List.of("acquire", "release", "keys", "recurse", "separator");

  /** Handles a request about a key. */
  void handle(HttpServerRequest request, String rawKey) {
    Optional<String> unknown = UNKNOWN.stream().filter(request.params()::contains).findFirst();
    if (unknown.isPresent()) {
      ConsulReply.text(request, 500, "this stand-in does not know ?" + unknown.get());
      return;
    }
    try {
      String key = URLDecoder.decode(rawKey.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (key.isEmpty()) {
        throw new IllegalArgumentException("Missing key name");
      }
      switch (request.method().name()) {
        case "GET" -> get(request, key);
        case "PUT" -> put(request, key);
        case "DELETE" -> {
          store.delete(store.nextIndex(), key);
          written(request, true);
        }
        default -> ConsulReply.text(request, 405, "method " + request.method() + " not allowed");
      }
    } catch (IllegalArgumentException broken) {
      ConsulReply.text(request, 400, String.valueOf(broken.getMessage()));
    }
  }

  private void get(HttpServerRequest request, String key) {
    queries.answer(request, () -> store.indexOf(key), () -> answer(request, key));
  }

  private void answer(HttpServerRequest request, String key) {
    if (request.response().closed()) {
      return;
    }
    // Consul never reports index 0.
    String index = Long.toString(Math.max(1, store.indexOf(key)));
    request.response().putHeader("X-Consul-Index", index);
    KvStore.Entry found = store.get(key);
    if (found == null) {
      ConsulReply.text(request, 404, "");
    } else if (request.params().contains("raw")) {
      ConsulReply.end(request, 200, "text/plain", found.value());
    } else {
      ConsulReply.json(request, 200, JsonArray.of(found.toJson()).toBuffer());
    }
  }

  private void put(HttpServerRequest request, String key) {
    String expected = request.getParam("cas");
    long cas = expected == null ? 0 : Long.parseLong(expected);
    ConsulReply.withBody(
        request,
        body -> {
          KvStore.Entry existing = store.get(key);
          long now = existing == null ? 0 : existing.modifyIndex();
          boolean writes = expected == null || cas == now;
          long index = store.nextIndex();
          if (writes) {
            store.set(index, key, body);
          }
          written(request, writes);
        });
  }

  private void written(HttpServerRequest request, boolean done) {
    ConsulReply.json(request, 200, Buffer.buffer(String.valueOf(done)));
    queries.wake();
  }

  /**
   * Handles a transaction of sets and gets: all of them, or none when one is refused, as a get is
   * of a key that was not there before.
   */
  void transact(HttpServerRequest request) {
    ConsulReply.withBody(
        request,
        body -> {
          try {
            List<JsonObject> operations =
                new JsonArray(body)
                    .stream()
                        .map(one -> ((JsonObject) one).getJsonObject("KV", new JsonObject()))
                        .toList();
            JsonArray errors = errors(operations);
            JsonArray results = errors.isEmpty() ? results(operations) : null;
            JsonObject answer =
                new JsonObject()
                    .put("Results", results)
                    .put("Errors", results == null ? errors : null);
            ConsulReply.json(request, results == null ? 409 : 200, answer.toBuffer());
            queries.wake();
          } catch (DecodeException | ClassCastException | IllegalArgumentException broken) {
            ConsulReply.text(request, 400, "Failed to parse body: " + broken.getMessage());
          }
        });
  }

  private JsonArray errors(List<JsonObject> operations) {
    JsonArray errors = new JsonArray();
    for (int i = 0; i < operations.size(); i++) {
      String what = refusal(operations.get(i));
      if (what != null) {
        errors.add(new JsonObject().put("OpIndex", i).put("What", what));
      }
    }
    return errors;
  }

  /** Why an operation cannot be done, in Consul's words; null when it can. */
  private @Nullable String refusal(JsonObject operation) {
    String verb = operation.getString("Verb", "");
    String key = operation.getString("Key", "");
    return switch (verb) {
      case "set" -> null;
      case "get" -> store.get(key) == null ? "key \"" + key + "\" doesn't exist" : null;
      default -> "KV verb \"" + verb + "\": this stand-in does not know it";
    };
  }

  private JsonArray results(List<JsonObject> operations) {
    JsonArray results = new JsonArray();
    long index = store.nextIndex();
    for (JsonObject operation : operations) {
      String key = operation.getString("Key");
      if (operation.getString("Verb").equals("set")) {
        byte[] value = Base64.getDecoder().decode(operation.getString("Value", ""));
        store.set(index, key, Buffer.buffer(value));
      } else {
        // checked before that it is there
        results.add(
            new JsonObject().put("KV", Optional.ofNullable(store.get(key)).orElseThrow().toJson()));
      }
    }
    return results;
  }
}
