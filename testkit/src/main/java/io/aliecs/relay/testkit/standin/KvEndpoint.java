package io.aliecs.relay.testkit.standin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** {@code /v1/kv} and {@code /v1/txn} of {@link ConsulStandIn}. For one event loop only. */
record KvEndpoint(KvStore store, BlockingQueries queries) {
  static final int MAX_VALUE_BYTES = 512 * 1024;

  /** What Consul knows and this does not: done without it, a request would do something else. */
  private static final List<String> UNKNOWN = List.of("acquire", "release", "keys", "separator");

  /** Handles a GET, PUT or DELETE of {@code key}. */
  void handle(HttpServerRequest request, String key) {
    Optional<String> unknown = UNKNOWN.stream().filter(request.params()::contains).findFirst();
    if (unknown.isPresent()) {
      ConsulReply.text(request, 500, "this stand-in does not know ?" + unknown.get());
      return;
    }
    try {
      if (request.method().equals(HttpMethod.GET)) {
        get(request, key);
      } else if (request.method().equals(HttpMethod.PUT)) {
        put(request, key);
      } else {
        delete(request, key);
      }
    } catch (BlockingQueries.BadQueryException bad) {
      ConsulReply.text(request, 400, String.valueOf(bad.getMessage()));
    } catch (NumberFormatException broken) {
      ConsulReply.text(request, 500, String.valueOf(broken.getMessage()));
    }
  }

  /** Handles the PUT of a transaction. */
  void transact(HttpServerRequest request) {
    withBody(request, body -> transact(request, body));
  }

  private void get(HttpServerRequest request, String key) {
    if (request.params().contains("recurse")) {
      respond(request, store::lastChange, () -> entries(request, store.list(key)));
    } else if (hasKey(request, key)) {
      respond(request, () -> store.indexOf(key), () -> entry(request, key));
    }
  }

  private void respond(HttpServerRequest request, LongSupplier index, Runnable answer) {
    queries.answer(
        request,
        index,
        () -> {
          if (!request.response().closed()) {
            ConsulReply.putIndex(request, index.getAsLong());
            answer.run();
          }
        });
  }

  private void entry(HttpServerRequest request, String key) {
    List<KvEntry> found = store.get(key).stream().toList();
    if (request.params().contains("raw") && !found.isEmpty()) {
      request
          .response()
          .putHeader("Content-Security-Policy", "sandbox")
          .putHeader("X-Content-Type-Options", "nosniff");
      ConsulReply.end(request, 200, "text/plain", found.get(0).value());
    } else {
      entries(request, found);
    }
  }

  private static void entries(HttpServerRequest request, List<KvEntry> entries) {
    if (entries.isEmpty()) {
      ConsulReply.text(request, 404, "");
      return;
    }
    JsonArray array = new JsonArray();
    entries.forEach(entry -> array.add(entry.toJson(true)));
    ConsulReply.json(request, 200, array.toBuffer());
  }

  private void put(HttpServerRequest request, String key) {
    if (!hasKey(request, key)) {
      return;
    }
    long flags = number(request, "flags").orElse(0);
    OptionalLong cas = number(request, "cas");
    withBody(
        request,
        body -> {
          long index = store.nextIndex();
          boolean done = true;
          if (cas.isPresent()) {
            done = store.checkAndSet(index, cas.getAsLong(), key, body, flags).isPresent();
          } else {
            store.set(index, key, body, flags);
          }
          written(request, done);
        });
  }

  private void delete(HttpServerRequest request, String key) {
    if (request.params().contains("recurse")) {
      store.deleteTree(store.nextIndex(), key);
      written(request, true);
    } else if (request.params().contains("cas")) {
      ConsulReply.text(request, 500, "this stand-in does not know ?cas of a DELETE");
    } else if (hasKey(request, key)) {
      store.delete(store.nextIndex(), key);
      written(request, true);
    }
  }

  private void transact(HttpServerRequest request, Buffer body) {
    KvTransaction transaction;
    try {
      transaction = KvTransaction.parse(body);
    } catch (IllegalArgumentException broken) {
      ConsulReply.text(request, 400, String.valueOf(broken.getMessage()));
      return;
    }
    if (transaction.size() > KvTransaction.MAX_OPERATIONS) {
      ConsulReply.text(
          request,
          413,
          "Transaction contains too many operations (%d > %d)"
              .formatted(transaction.size(), KvTransaction.MAX_OPERATIONS));
      return;
    }
    KvTransaction.Outcome outcome = transaction.applyTo(store);
    if (outcome.readOnly()) {
      ConsulReply.putLeader(request);
    }
    ConsulReply.json(request, outcome.committed() ? 200 : 409, outcome.body().toBuffer());
    queries.wake();
  }

  private void written(HttpServerRequest request, boolean done) {
    ConsulReply.json(request, 200, Buffer.buffer(String.valueOf(done)));
    queries.wake();
  }

  private static boolean hasKey(HttpServerRequest request, String key) {
    if (key.isEmpty()) {
      ConsulReply.text(request, 400, "Missing key name");
    }
    return !key.isEmpty();
  }

  private static OptionalLong number(HttpServerRequest request, String name) {
    if (!request.params().contains(name)) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseUnsignedLong(request.getParam(name)));
  }

  /** Collects the body; one over the limit is read to its end, not kept, and refused. */
  static void withBody(HttpServerRequest request, Consumer<Buffer> then) {
    Buffer body = Buffer.buffer();
    long[] size = {0};
    request.handler(
        chunk -> {
          size[0] += chunk.length();
          if (size[0] <= MAX_VALUE_BYTES) {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        end -> {
          if (size[0] <= MAX_VALUE_BYTES) {
            then.accept(body);
          } else {
            ConsulReply.text(
                request,
                413,
                "Request body(%d bytes) too large, max size: %d bytes."
                    .formatted(size[0], MAX_VALUE_BYTES));
          }
        });
  }
}
