package io.aliecs.relay.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.web.RunningWeb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests made of what strangers try: each is answered or hung up on, none with a failure of our
 * own, and the next one is served. The same seed makes the same requests; one that fails is kept.
 */
@Tag("slow")
class HttpFuzzTest {
  private static final int REQUESTS = 400;
  private static final long AT_MOST_NS = TimeUnit.SECONDS.toNanos(20);

  private static final List<String> METHODS =
      List.of("GET", "GET", "GET", "HEAD", "POST", "POST", "DELETE", "OPTIONS", "G\u0000T", "");

  private static final List<String> PATHS =
      List.of(
          "/",
          "/page.js",
          "/query",
          "/api/v1/runs",
          "/api/v1/environments",
          "/api/v1/environments/2env",
          "/api/v1/environments/2env/end",
          "/api/v1/cluster",
          "/api/v1/cluster/hosts",
          "/api/v1/cluster/hosts/relay-1",
          "/api/v1/parked",
          "/api/v1/parked/resend",
          "/api/v1/settings",
          "/api/v1/delivery",
          "/api/v1/transitions",
          "/api/v1/openapi.json",
          "*",
          "http://other/api/v1/runs",
          "");

  private static final List<String> HEADERS =
      List.of(
          "Host: localhost",
          "Host: localhost\r\nHost: other",
          "Host:",
          "Origin: https://evil.example",
          "Origin: null",
          "Authorization: Bearer " + RunningWeb.TOKEN,
          "Authorization: Basic eA==",
          "Authorization:",
          "Content-Type: application/json",
          "Content-Type: application/x-protobuf",
          "Content-Type: multipart/form-data; boundary=",
          "Content-Type: application/x-www-form-urlencoded",
          "Content-Encoding: gzip",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: gzip, chunked",
          "Content-Length: 5",
          "Content-Length: -1",
          "Content-Length: 99999999999999999999",
          "Expect: 100-continue",
          "Upgrade: h2c",
          "If-None-Match: W/\"x\", \"",
          "Accept: */*;q=x",
          "Accept-Encoding: gzip;q=, deflate",
          "Cookie: " + "a=b; ".repeat(500),
          "Range: bytes=0-,-1",
          ": nothing",
          "X Y: z",
          "Access-Control-Request-Method: POST",
          "Forwarded: for=\"[::1]\"");

  private static final List<String> PIECES =
      List.of(
          "%",
          "%00",
          "%2e%2e/",
          "%ff",
          "%u0041",
          "?",
          "&",
          "=",
          "#",
          ";",
          "/",
          "//",
          "\\",
          "..",
          "state=RUNNING",
          "detector=ITS",
          "q=SELECT active_runs WHERE run = 7",
          "q=SHOW",
          "limit=",
          "limit=-1",
          "{",
          "}",
          "[",
          "]",
          "\"",
          ":",
          ",",
          "null",
          "{\"by\":",
          "\"eventId\":\"1\"",
          "\"environmentId\":\"2env\"",
          "\"moment\":\"CREATED\"",
          "\"id\":\"x\",\"address\":\"y:1\"",
          "9999999999999999999999",
          "1e999",
          "\u0000",
          "\r\n",
          "\t",
          "\u00ff",
          "<script>",
          "''",
          "{\"a\":".repeat(300),
          "[".repeat(2_000),
          "x".repeat(9_000));

  @TempDir Path folder;
  private RunningWeb web;

  @BeforeEach
  void open() {
    web = RunningWeb.withToken(folder);
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 7, true, "ITS");
  }

  @AfterEach
  void close() {
    web.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20_260_101})
  void anyRequestIsAnsweredOrHungUpOn(long seed) throws IOException {
    Random random = new Random(seed);
    long begun = System.nanoTime();
    for (int i = 0; i < REQUESTS && System.nanoTime() - begun < AT_MOST_NS; i++) {
      String request = request(random);
      String status = status(request);
      assertThat(status).as("seed %d, request %d: %s", seed, i, request).isNotEqualTo("500");
    }
    assertThat(web.get("/api/v1/runs").statusCode()).isEqualTo(200);
    assertThat(web.json("/api/v1/runs").getJsonArray("runs")).hasSize(1);
  }

  private static String request(Random random) {
    StringBuilder request = new StringBuilder(pick(random, METHODS)).append(' ');
    request.append(pick(random, PATHS));
    if (random.nextBoolean()) {
      request.append('?');
    }
    pieces(random, request, 4);
    request.append(random.nextInt(20) == 0 ? " HTTP/9.9\r\n" : " HTTP/1.1\r\n");
    if (random.nextInt(10) > 0) {
      request.append("Host: localhost\r\n");
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      request.append(pick(random, HEADERS)).append("\r\n");
    }
    StringBuilder body = new StringBuilder();
    pieces(random, body, 8);
    if (random.nextInt(3) > 0) {
      request.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    return request.append("\r\n").append(body).toString();
  }

  private static void pieces(Random random, StringBuilder text, int most) {
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append(pick(random, PIECES));
    }
  }

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** The status of the answer; empty when there is none. The client has said all that it says. */
  private String status(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.web.listening().port())) {
      socket.setSoTimeout(60_000);
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        byte[] head = socket.getInputStream().readNBytes(12);
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.startsWith("HTTP/1.") ? text.substring(9) : "";
      } catch (java.net.SocketException hungUp) {
        return "";
      }
    }
  }
}
