package io.aliecs.relay.host.api;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
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
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The HTTP interface of a relay. Every method blocks. */
public final class RelayApi {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final String base;
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
   * The interface at an address, which is looked at when it is used.
   *
   * @param base for example {@code http://127.0.0.1:8080}, as somebody has typed it
   * @param authority that signed its certificate, in PEM; null for those of Java
   * @param tokenFile holds what changes need; null for none
   * @param timeout how long an answer may take
   */
  public RelayApi(
      String base, @Nullable Path authority, @Nullable Path tokenFile, Duration timeout) {
    Duration connect = timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT;
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(connect);
    if (authority != null) {
      builder.sslContext(trusting(authority));
    }
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    this.client = builder.build();
    this.tokenFile = tokenFile;
    this.timeout = timeout;
  }

  /** Trusts the authorities in a file of certificates in PEM, and nobody else. */
  private static SSLContext trusting(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("authority-" + trusted.size(), one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(file + ": " + e + " (expected: certificates in PEM)", e);
    }
  }

  /** What is there. */
  public JsonObject get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  /** What is there, whatever the status says: of health, where a refusal has a body, too. */
  public JsonObject getAnyway(String path) throws IOException, InterruptedException {
    return json(answer(HttpRequest.newBuilder(uri(path)).GET()));
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
    HttpRequest request = HttpRequest.newBuilder(uri(path)).timeout(timeout).build();
    try {
      HttpResponse<Stream<String>> answer = client.send(request, BodyHandlers.ofLines());
      if (answer.statusCode() != OK) {
        answer.body().close();
        throw new IOException("status " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw unreachable(e);
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
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
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
    String detail = json.getString("detail", "");
    IOException refusal =
        new IOException(
            detail.isEmpty()
                ? base + ": " + answer.statusCode() + " (expected: a relay, see --url)"
                : detail);
    throw answer.statusCode() == UNAVAILABLE ? new UnavailableException(refusal) : refusal;
  }

  private HttpResponse<String> answer(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try {
      return client.send(request.timeout(timeout).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UnavailableException(unreachable(e));
    }
  }

  private JsonObject json(HttpResponse<String> answer) throws IOException {
    try {
      return new JsonObject(answer.body());
    } catch (DecodeException e) {
      throw new IOException(
          base + ": " + answer.statusCode() + ", no JSON (expected: a relay, see --url)", e);
    }
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

  private IOException unreachable(Exception cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new IOException(
        base + ": " + why + " (expected: the HTTP interface of a relay, see --url)", cause);
  }
}
