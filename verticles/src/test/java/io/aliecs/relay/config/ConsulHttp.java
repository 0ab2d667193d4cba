package io.aliecs.relay.config;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes keys the way operators do, over Consul's HTTP API; blocking. */
final class ConsulHttp {

  /** A key and what it is to hold. */
  record Entry(String key, String value) {}

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  ConsulHttp(String address) {
    this.base = "http://" + address;
  }

  void put(String key, String value) throws IOException {
    put(key, value.getBytes(StandardCharsets.UTF_8));
  }

  void put(String key, byte[] value) throws IOException {
    send("PUT", "/v1/kv/" + key, value);
  }

  void delete(String key) throws IOException {
    send("DELETE", "/v1/kv/" + key, new byte[0]);
  }

  /** Writes them all in one transaction. */
  void putTogether(Entry... entries) throws IOException {
    String operations =
        Stream.of(entries)
            .map(
                e ->
                    "{\"KV\":{\"Verb\":\"set\",\"Key\":\""
                        + e.key()
                        + "\",\"Value\":\""
                        + Base64.getEncoder()
                            .encodeToString(e.value().getBytes(StandardCharsets.UTF_8))
                        + "\"}}")
            .collect(Collectors.joining(",", "[", "]"));
    send("PUT", "/v1/txn", operations.getBytes(StandardCharsets.UTF_8));
  }

  private void send(String method, String path, byte[] body) throws IOException {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(base + path))
                  .timeout(Duration.ofSeconds(10))
                  .method(method, BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(method + " " + path + ": " + answer.statusCode() + answer.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
