package io.aliecs.relay.launcher.hosts;

import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
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

/** The part of a relay's HTTP interface that tells and changes the hosts. Every method blocks. */
final class HostsApi {
  private static final String CLUSTER = "/api/v1/cluster";
  private static final String HOSTS = CLUSTER + "/hosts";
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A new host gets the whole journal first. */
  private static final Duration TIMEOUT = Duration.ofSeconds(150);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final String base;
  private final @Nullable Path tokenFile;

  /**
   * The interface of a relay.
   *
   * @param base for example {@code http://127.0.0.1:8080}
   * @param tokenFile holds what changes need; null for none
   */
  HostsApi(String base, @Nullable Path tokenFile) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    this.tokenFile = tokenFile;
  }

  /** The cluster as that host knows it. */
  JsonObject cluster() throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(CLUSTER)).GET());
  }

  JsonObject add(ClusterHost host, @Nullable String replaces)
      throws IOException, InterruptedException {
    JsonObject body = new JsonObject().put("id", host.id()).put("address", host.address());
    if (replaces != null) {
      body.put("replaces", replaces);
    }
    return send(authorized(HOSTS).POST(BodyPublishers.ofString(body.encode())));
  }

  JsonObject remove(String id) throws IOException, InterruptedException {
    return send(authorized(HOSTS + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8)).DELETE());
  }

  private HttpRequest.Builder authorized(String path) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (tokenFile != null) {
      request.header("Authorization", "Bearer " + Files.readString(tokenFile).strip());
    }
    return request;
  }

  private JsonObject send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer;
    try {
      answer = client.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException(
          base + ": " + why + " (expected: the HTTP interface of a relay, see --url)", e);
    }
    JsonObject json;
    try {
      json = new JsonObject(answer.body());
    } catch (DecodeException e) {
      throw new IOException(
          base + ": " + answer.statusCode() + ", no JSON (expected: a relay, see --url)", e);
    }
    if (answer.statusCode() != 200) {
      throw new IOException(json.getString("detail", base + ": " + answer.statusCode()));
    }
    return json;
  }

  private URI uri(String path) {
    try {
      URI uri = URI.create(base + path);
      if ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // the same as another scheme
    }
    throw new IllegalArgumentException(
        "--url: \"" + base + "\" (expected: such as http://127.0.0.1:8080)");
  }
}
