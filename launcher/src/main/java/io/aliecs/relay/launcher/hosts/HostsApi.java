package io.aliecs.relay.launcher.hosts;

import io.aliecs.relay.launcher.RelayAddress;
import io.aliecs.relay.settings.ClusterHost;
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

/** The part of a relay's HTTP interface that tells and changes the hosts. Every method blocks. */
final class HostsApi {
  private static final String CLUSTER = "/api/v1/cluster";
  private static final String HOSTS = CLUSTER + "/hosts";
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A new host gets the whole journal first. */
  private static final Duration TIMEOUT = Duration.ofSeconds(150);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final RelayAddress relay;
  private final @Nullable Path tokenFile;

  /**
   * The interface of a relay.
   *
   * @param base for example {@code http://127.0.0.1:8080}
   * @param tokenFile holds what changes need; null for none
   */
  HostsApi(String base, @Nullable Path tokenFile) {
    this.relay = new RelayAddress(base);
    this.tokenFile = tokenFile;
  }

  /** The cluster as that host knows it. */
  JsonObject cluster() throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(relay.uri(CLUSTER)).GET());
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
    HttpRequest.Builder request = HttpRequest.newBuilder(relay.uri(path));
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
