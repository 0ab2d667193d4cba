package io.aliecs.relay.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What is asked with ill will or by mistake gets an answer that says so, and nothing else. */
class HostileRequestsTest {
  private static final String SCRIPT = "<script>alert('x')</script>";

  private RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  private String raw(String line) {
    return web.raw(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  private static String status(String answer) {
    assertThat(answer).startsWith("HTTP/1.");
    return answer.substring(9, 12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/..%5c..%5cetc%5cpasswd",
        "/%252e%252e/etc/passwd",
        "/page.css/../../../etc/passwd",
        "//etc/passwd",
        "/./web/../io/aliecs/relay/web/WebVerticle.class",
        "/page.js%00.html",
        "file:///etc/passwd",
        "/.",
        "*",
      })
  void servesNoFileButThoseOfThePage(String path) {
    web.settings(RunningWeb.PLUGIN_ON);
    String answer = raw("GET " + path);
    assertThat(status(answer)).isIn("400", "404");
    assertThat(answer).contains("application/problem+json").doesNotContain("root:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%2", "%zz", "a%", "%u0041", "%c3%28", "%ff%fe", "%ed%a0%80", "%00"})
  void answersWhateverPercentEncodingThereIs(String part) {
    web.settings(RunningWeb.PLUGIN_ON);
    for (String target :
        List.of(
            "/" + part,
            "/page.css" + part,
            "/page.css?" + part,
            "/api/v1/runs/" + part,
            "/api/v1/runs?detector=" + part,
            "/api/v1/runs?" + part + "=x",
            "/api/v1/environments/" + part,
            "/api/v1/parked?" + part,
            "/query?q=" + part)) {
      assertThat(status(raw("GET " + target))).as(target).isIn("200", "400", "404");
    }
  }

  @Test
  void allowsNoMethodButThoseItHas() {
    web.settings(RunningWeb.PLUGIN_ON);
    for (String method : List.of("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "get")) {
      for (String path :
          List.of("/", "/page.js", "/api/v1/runs", "/api/v1/runs/stream", "/query")) {
        String answer = raw(method + " " + path);
        assertThat(status(answer)).as("%s %s", method, path).isEqualTo("405");
        assertThat(answer.toLowerCase(Locale.ROOT)).contains("allow: get, head");
      }
    }
    assertThat(status(raw("CONNECT relay:80"))).isEqualTo("400");
    assertThat(status(raw("OPTIONS *"))).isEqualTo("400");
  }

  @Test
  void takesNoBodyLargerThanItMay(@TempDir Path folder) throws IOException {
    web.close();
    Path token = RunningWeb.tokenFile(folder, RunningWeb.TOKEN);
    web = new RunningWeb(token.toString());
    web.settings(RunningWeb.PLUGIN_ON);
    HttpResponse<String> answer =
        web.post(
            "/api/v1/parked/resend",
            "x".repeat(10_000_000),
            "Authorization",
            "Bearer " + RunningWeb.TOKEN);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(new JsonObject(answer.body()).getString("detail")).contains("at most 262144 bytes");
  }

  @Test
  void answersAReadThatBringsABody() {
    web.settings(RunningWeb.PLUGIN_ON);
    String request =
        "GET /api/v1/runs HTTP/1.1\r\n"
            + "Host: localhost\r\n"
            + "Connection: close\r\n"
            + "Content-Length: 300000\r\n\r\n";
    assertThat(status(web.raw(request + "x".repeat(300_000)))).isEqualTo("200");
  }

  @Test
  void refusesARequestThatTwoServersWouldReadDifferently() {
    web.settings(RunningWeb.PLUGIN_ON);
    String smuggled =
        "POST /query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "0\r\n\r\nGET /api/v1/cluster HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assertThat(status(web.raw(smuggled))).isEqualTo("400");
    String twoLengths =
        "POST /query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n"
            + "Connection: close\r\n\r\nxx";
    assertThat(status(web.raw(twoLengths))).isEqualTo("400");
  }

  @Test
  void aBodyThatCannotBeReadIsNoErrorOfTheRelay() {
    web.settings(RunningWeb.PLUGIN_ON);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(Replies.class);
    logged.start();
    logger.addAppender(logged);
    for (String chunk : List.of("zz\r\n", "7fffffffffff\r\nabc")) {
      String answer =
          web.raw(
              "POST /api/v1/transitions HTTP/1.1\r\nHost: localhost\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n"
                  + chunk);
      assertThat(answer.isEmpty() || status(answer).equals("400")).as(answer).isTrue();
    }
    logger.detachAppender(logged);
    assertThat(logged.list).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
  }

  @Test
  void showsScriptAsTheTextThatItIs() {
    web.answer(BusAddresses.PUBLISHER_STATUS, new ComponentStatus(false, "failing", SCRIPT, 1))
        .settings(RunningWeb.PLUGIN_ON)
        .leader(false, SCRIPT)
        .apply(
            web.event(SCRIPT, EventType.CREATED)
                .eventId(SCRIPT)
                .detectors(List.of(SCRIPT))
                .runType(SCRIPT)
                .kafkaEnabled(true)
                .build(),
            web.event(SCRIPT, EventType.ENTERED).transition(Transition.DEPLOY).build(),
            web.event(SCRIPT, EventType.ENTERED).transition(Transition.CONFIGURE).build(),
            web.event(SCRIPT, EventType.ENTERED)
                .transition(Transition.START_ACTIVITY)
                .runNumber(7L)
                .build());
    for (String path :
        List.of(
            "/api/v1/runs",
            "/api/v1/environments",
            "/api/v1/environments/" + RunningWeb.encoded(SCRIPT),
            "/api/v1/delivery",
            "/api/v1/runs?detector=" + RunningWeb.encoded(SCRIPT),
            "/api/v1/environments?state=" + RunningWeb.encoded(SCRIPT),
            "/query?q=SELECT%20active_runs%20WHERE%20run%20%3D%207",
            "/query?q=" + RunningWeb.encoded(SCRIPT))) {
      HttpResponse<String> answer = web.get(path);
      assertThat(answer.body()).as(path).contains(SCRIPT);
      assertThat(answer.headers().firstValue("content-type").orElseThrow())
          .as(path)
          .matches("application/(problem\\+)?json");
      assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
    }
  }
}
