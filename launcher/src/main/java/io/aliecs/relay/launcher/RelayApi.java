package io.aliecs.relay.launcher;

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
import org.jspecify.annotations.Nullable;

/** The HTTP interface of a relay for one who may change something. Every method blocks. */
public final class RelayApi {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final RelayAddress relay;
  private final @Nullable Path tokenFile;
  private final Duration timeout;

  /**
   * The interface of a relay.
   *
   * @param base for example {@code http://127.0.0.1:8080}
   * @param tokenFile holds what changes need; null for none
   * @param timeout how long an answer may take
   */
  public RelayApi(String base, @Nullable Path tokenFile, Duration timeout) {
    this.relay = new RelayAddress(base);
    this.tokenFile = tokenFile;
    this.timeout = timeout;
  }

  /** What is there. */
  public JsonObject get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(relay.uri(path)).GET());
  }

  /** The answer to a change. */
  public JsonObject post(String path, JsonObject body) throws IOException, InterruptedException {
    return send(authorized(path).POST(BodyPublishers.ofString(body.encode())));
  }

  /** The answer to a removal. */
  public JsonObject delete(String path) throws IOException, InterruptedException {
    return send(authorized(path).DELETE());
  }

  /** Text as a part of a path. */
  public static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder authorized(String path) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(relay.uri(path));
    if (tokenFile != null) {
      request.header("Authorization", "Bearer " + Files.readString(tokenFile).strip());
    }
    return request;
  }

  private JsonObject send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer;
    try {
      answer = client.send(request.timeout(timeout).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw relay.unreachable(e);
    }
    JsonObject json;
    try {
      json = new JsonObject(answer.body());
    } catch (DecodeException e) {
      throw relay.stranger(answer.statusCode(), e);
    }
    if (answer.statusCode() != 200) {
      throw relay.refusal(answer.statusCode(), json.getString("detail", ""));
    }
    return json;
  }
}
