package io.aliecs.relay.testkit.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.PortTakenException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expectations taken from Consul 1.8.7. */
@ExtendWith(VertxExtension.class)
class ConsulStandInTest {
  private HttpClient http = HttpClient.newHttpClient();
  private Vertx vertx;
  private ConsulStandIn consul;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    this.vertx = vertx;
    consul = ConsulStandIn.start(vertx, "127.0.0.1", 0).await();
  }

  @Test
  void storesAndShowsAValue() throws Exception {
    assertThat(put("/v1/kv/a/b", "v1")).extracting(HttpResponse::body).isEqualTo("true");
    HttpResponse<String> found = get("/v1/kv/a/b");
    JsonObject entry = new JsonArray(found.body()).getJsonObject(0);
    assertThat(entry.fieldNames())
        .containsExactly("LockIndex", "Key", "Flags", "Value", "CreateIndex", "ModifyIndex");
    assertThat(entry.getString("Key")).isEqualTo("a/b");
    assertThat(entry.getString("Value")).isEqualTo("djE=");
    assertThat(entry.getLong("ModifyIndex"))
        .isEqualTo(entry.getLong("CreateIndex"))
        .isEqualTo(index(found));
    assertThat(found.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(get("/v1/kv/a/b?raw").body()).isEqualTo("v1");
  }

  @Test
  void showsAnEmptyValueAsNull() throws Exception {
    put("/v1/kv/empty", "");
    JsonObject entry = new JsonArray(get("/v1/kv/empty").body()).getJsonObject(0);
    assertThat(entry.containsKey("Value")).isTrue();
    assertThat(entry.getValue("Value")).isNull();
    assertThat(get("/v1/kv/empty?raw").body()).isEmpty();
  }

  @Test
  void reportsAnIndexWithEveryRead() throws Exception {
    HttpResponse<String> missing = get("/v1/kv/none");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).isEmpty();
    assertThat(index(missing)).isEqualTo(1);

    put("/v1/kv/one", "1");
    long one = index(get("/v1/kv/one"));
    put("/v1/kv/two", "2");
    assertThat(index(get("/v1/kv/one"))).isEqualTo(one);
    assertThat(index(get("/v1/kv/none"))).isGreaterThan(one);

    delete("/v1/kv/one");
    assertThat(index(get("/v1/kv/one"))).isGreaterThan(index(get("/v1/kv/two")));
  }

  @Test
  void leavesTheIndexWhenTheValueIsTheSame() throws Exception {
    put("/v1/kv/same", "x");
    long first = index(get("/v1/kv/same"));
    put("/v1/kv/same", "x");
    assertThat(index(get("/v1/kv/same"))).isEqualTo(first);
    put("/v1/kv/same", "y");
    assertThat(index(get("/v1/kv/same"))).isGreaterThan(first);
  }

  @Test
  void checksAndSets() throws Exception {
    assertThat(put("/v1/kv/k?cas=0", "a").body()).isEqualTo("true");
    assertThat(put("/v1/kv/k?cas=0", "b").body()).isEqualTo("false");
    long current = index(get("/v1/kv/k"));
    assertThat(put("/v1/kv/k?cas=" + current, "b").body()).isEqualTo("true");
    assertThat(put("/v1/kv/k?cas=" + current, "c").body()).isEqualTo("false");
    assertThat(get("/v1/kv/k?raw").body()).isEqualTo("b");
  }

  @Test
  void answersABlockingQueryWhenTheKeyChanges() throws Exception {
    put("/v1/kv/watched", "1");
    long before = index(get("/v1/kv/watched"));
    CompletableFuture<HttpResponse<String>> waiting =
        blocking("/v1/kv/watched?raw&wait=30000ms&index=" + before);
    put("/v1/kv/other", "x");
    assertThat(waiting).isNotDone();
    put("/v1/kv/watched", "2");
    HttpResponse<String> changed = waiting.get(60, TimeUnit.SECONDS);
    assertThat(changed.body()).isEqualTo("2");
    assertThat(index(changed)).isGreaterThan(before);
  }

  @Test
  void answersABlockingQueryWhenTheKeyIsDeletedOrCreated() throws Exception {
    put("/v1/kv/watched", "1");
    long before = index(get("/v1/kv/watched"));
    var deleted = blocking("/v1/kv/watched?wait=30000ms&index=" + before);
    delete("/v1/kv/watched");
    assertThat(deleted.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
    var created = blocking("/v1/kv/watched?wait=30000ms&index=" + index(deleted.get()));
    put("/v1/kv/watched", "1");
    assertThat(created.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void answersABlockingQueryWhenItsWaitIsOver() throws Exception {
    put("/v1/kv/k", "1");
    long start = System.nanoTime();
    HttpResponse<String> same = get("/v1/kv/k?wait=320ms&index=999999");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(320), Duration.ofSeconds(60));
    assertThat(same.statusCode()).isEqualTo(200);
  }

  @Test
  void appliesATransactionWholeOrNotAtAll() throws Exception {
    put("/v1/txn", new JsonArray().add(set("t/a", "1")).add(set("t/b", "2")).encode());
    JsonArray good = new JsonArray().add(op("get", "t/a")).add(op("get", "t/b"));
    JsonObject done = new JsonObject(put("/v1/txn", good.encode()).body());
    assertThat(done.getValue("Errors")).isNull();
    JsonArray results = done.getJsonArray("Results");
    assertThat(results.getJsonObject(1).getJsonObject("KV").getString("Value")).isEqualTo("Mg==");
    assertThat(index(get("/v1/kv/t/a"))).isEqualTo(index(get("/v1/kv/t/b")));

    JsonArray bad = new JsonArray().add(set("t/c", "3")).add(op("get", "t/none"));
    HttpResponse<String> refused = put("/v1/txn", bad.encode());
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body())
        .isEqualTo(
            "{\"Results\":null,\"Errors\":[{\"OpIndex\":1,"
                + "\"What\":\"key \\\"t/none\\\" doesn't exist\"}]}");
    assertThat(get("/v1/kv/t/c").statusCode()).isEqualTo(404);
  }

  @Test
  void boundsTheSizeOfAValue() throws Exception {
    assertThat(put("/v1/kv/big", "x".repeat(512 * 1024)).statusCode()).isEqualTo(200);
    assertThat(put("/v1/kv/big", "x".repeat(512 * 1024 + 1)).statusCode()).isEqualTo(413);
    assertThat(get("/v1/kv/big?raw").body()).hasSize(512 * 1024);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/kv/k?index=zz, 400, 'For input string: \"zz\"'",
    "/v1/kv/k?wait=5x, 400, 'For input string: \"5x\"'",
    "/v1/kv/k?keys, 500, this stand-in does not know ?keys",
    "/v1/kv/, 400, Missing key name",
    "/v1/nope, 404, ''",
    "/, 404, ''",
  })
  void refuses(String path, int status, String body) throws Exception {
    HttpResponse<String> refused = get(path);
    assertThat(refused.statusCode()).isEqualTo(status);
    assertThat(refused.body()).isEqualTo(body);
  }

  @Test
  void decodesKeys() throws Exception {
    put("/v1/kv/sp%20ace%2Fx+y", "v");
    assertThat(get("/v1/kv/sp%20ace%2Fx+y").body()).contains("\"Key\":\"sp ace/x+y\"");
  }

  @Test
  void startsOverWithLowerIndexesOnTheSamePort() throws Exception {
    consul.close().await();
    consul = ConsulStandIn.start(vertx, "127.0.0.1", FreePort.find()).await(); // stays its own
    for (int i = 0; i < 5; i++) {
      put("/v1/kv/k", "v" + i);
    }
    long before = index(get("/v1/kv/k"));
    consul.close().await();
    consul = ConsulStandIn.start(vertx, "127.0.0.1", consul.port()).await();
    http = HttpClient.newHttpClient(); // the old one still has connections to the old one
    put("/v1/kv/k", "new");
    assertThat(index(get("/v1/kv/k"))).isLessThan(before);
  }

  @Test
  void saysWhichPortIsTaken() {
    assertThatThrownBy(() -> ConsulStandIn.start(vertx, "127.0.0.1", consul.port()).await())
        .isInstanceOf(PortTakenException.class)
        .hasMessageContaining("port " + consul.port() + " on 127.0.0.1 is taken");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> put(String path, String body) throws Exception {
    return http.send(
        request(path).PUT(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> delete(String path) throws Exception {
    return http.send(request(path).DELETE().build(), BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> blocking(String path) {
    return http.sendAsync(request(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(consul.address() + path));
  }

  private static long index(HttpResponse<?> response) {
    return response.headers().firstValueAsLong("X-Consul-Index").orElseThrow();
  }

  private static JsonObject set(String key, String value) {
    JsonObject op = op("set", key);
    op.getJsonObject("KV")
        .put("Value", Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    return op;
  }

  private static JsonObject op(String verb, String key) {
    return new JsonObject().put("KV", new JsonObject().put("Verb", verb).put("Key", key));
  }
}
