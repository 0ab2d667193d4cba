package io.aliecs.relay.host.api;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The HTTP interface of a relay. Every method blocks. */
public final class RelayApi {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;

  private final RelayAddress relay;
  private final HttpClient client;
  private final @Nullable Path tokenFile;
  private final Duration timeout;

  /** The relay does not answer, or not yet. */
  public static final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnavailableException(IOException failure) {
      super(failure.getMessage(), failure);
    }
  }

  /**
   * The interface of a relay.
   *
   * @param tokenFile holds what changes need; null for none
   * @param timeout how long an answer may take
   */
  RelayApi(RelayAddress relay, HttpClient client, @Nullable Path tokenFile, Duration timeout) {
    this.relay = relay;
    this.client = client;
    this.tokenFile = tokenFile;
    this.timeout = timeout;
  }

  /** What is there. */
  public JsonObject get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(relay.uri(path)).GET());
  }

  /**
   * The interface at an address.
   *
   * @param base for example {@code http://127.0.0.1:8081}
   * @param authority that signed its certificate, in PEM; null for those of Java
   * @param timeout how long a connection and an answer may take, each
   */
  public static RelayApi at(String base, @Nullable Path authority, Duration timeout) {
    HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(timeout);
    if (authority != null) {
      client.sslContext(Authorities.trusting(authority));
    }
    return new RelayApi(new RelayAddress(base), client.build(), null, timeout);
  }

  /** What is there, whatever the status says: of health, where a refusal has a body, too. */
  public JsonObject getAnyway(String path) throws IOException, InterruptedException {
    return json(answer(HttpRequest.newBuilder(relay.uri(path)).GET()));
  }

  /** The answer to a change. */
  public JsonObject post(String path, JsonObject body) throws IOException, InterruptedException {
    return post(path, body.encode());
  }

  /** The answer to a change, as somebody has written it. */
  public JsonObject post(String path, String body) throws IOException, InterruptedException {
    return send(
        authorized(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  /** The answer to a removal. */
  public JsonObject delete(String path) throws IOException, InterruptedException {
    return send(authorized(path).DELETE());
  }

  /**
   * The lines of a stream, until it ends; close it.
   *
   * @throws IOException when it cannot be opened
   */
  public Stream<String> lines(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(relay.uri(path)).timeout(timeout).build();
    try {
      HttpResponse<Stream<String>> answer = client.send(request, BodyHandlers.ofLines());
      if (answer.statusCode() != OK) {
        answer.body().close();
        throw new IOException("status " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw relay.unreachable(e);
    }
  }

  /**
   * An id as a part of a path.
   *
   * @throws IllegalArgumentException when there is nothing
   */
  public static String part(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("id: none (expected: that of an environment or a host)");
    }
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder authorized(String path) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(relay.uri(path));
    if (tokenFile != null) {
      request.header("Authorization", "Bearer " + token(tokenFile));
    }
    return request;
  }

  private static String token(Path file) throws IOException {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new IOException("--token-file: " + e + " (expected: the token of that host)", e);
    }
  }

  private JsonObject send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = answer(request);
    JsonObject json = json(answer);
    if (answer.statusCode() == OK || answer.statusCode() == ACCEPTED) {
      return json;
    }
    IOException refusal = relay.refusal(answer.statusCode(), json.getString("detail", ""));
    throw answer.statusCode() == UNAVAILABLE ? new UnavailableException(refusal) : refusal;
  }

  private HttpResponse<String> answer(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try {
      return client.send(request.timeout(timeout).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UnavailableException(relay.unreachable(e));
    }
  }

  private JsonObject json(HttpResponse<String> answer) throws IOException {
    try {
      return new JsonObject(answer.body());
    } catch (DecodeException e) {
      throw relay.stranger(answer.statusCode(), e);
    }
  }
}
