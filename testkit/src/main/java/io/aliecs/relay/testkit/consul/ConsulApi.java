package io.aliecs.relay.testkit.consul;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Consul's HTTP API the way operators use it, for tests and for {@code dev}. Every call blocks
 * until it is answered, for 10 s at most; keep them off event loops. Immutable and thread-safe.
 */
public final class ConsulApi {

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final String base;
  private final Optional<String> token;

  /**
   * The API of one agent.
   *
   * @param base where it serves, as {@code http://host:port}
   * @param token sent with every request
   */
  public ConsulApi(String base, Optional<String> token) {
    this.base = base;
    this.token = token;
  }

  /** Writes a key. */
  public void put(String key, String value) throws IOException {
    put(key, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a key. */
  public void put(String key, byte[] value) throws IOException {
    request("PUT", "/v1/kv/" + key, value);
  }

  /** Writes several keys in one transaction. */
  public void putTogether(Map<String, String> values) throws IOException {
    String operations =
        values.entrySet().stream()
            .map(
                entry ->
                    "{\"KV\":{\"Verb\":\"set\",\"Key\":\""
                        + entry.getKey()
                        + "\",\"Value\":\""
                        + Base64.getEncoder()
                            .encodeToString(entry.getValue().getBytes(StandardCharsets.UTF_8))
                        + "\"}}")
            .collect(Collectors.joining(",", "[", "]"));
    request("PUT", "/v1/txn", operations.getBytes(StandardCharsets.UTF_8));
  }

  /** Deletes a key; a key that is not there is no error. */
  public void delete(String key) throws IOException {
    request("DELETE", "/v1/kv/" + key, new byte[0]);
  }

  /**
   * Sends any request.
   *
   * @param path with its query, from {@code /v1} on
   * @return the body of the answer
   * @throws IOException when the status is not 200
   */
  public String request(String method, String path, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(LONGEST)
            .method(method, BodyPublishers.ofByteArray(body));
    token.ifPresent(secret -> request.header("X-Consul-Token", secret));
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(
            method + " " + path + ": status " + answer.statusCode() + " " + answer.body().strip());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking Consul", e);
    }
  }
}
