package io.aliecs.relay.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private final RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  private static JsonObject problem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.fieldNames()).containsExactlyInAnyOrder("type", "title", "status", "detail");
    assertThat(problem.getInteger("status")).isEqualTo(status);
    return problem;
  }

  @Test
  void isNotReadyUntilAStateIsKnown() {
    HttpResponse<String> answer = web.get("/api/v1/runs");
    assertThat(problem(answer, 503).getString("title")).isEqualTo("Service Unavailable");
    assertThat(answer.headers().firstValue("retry-after")).contains("1");
    problem(web.get("/api/v1/environments"), 503);
    problem(web.get("/api/v1/environments/2env"), 503);
  }

  @Test
  void doesNotKnowOtherPaths() {
    assertThat(problem(web.get("/api/v2/runs"), 404).getString("detail"))
        .isEqualTo("path: \"/api/v2/runs\" (expected: a path of /api/v1/openapi.json)");
    problem(web.get("/api"), 404);
  }

  @Test
  void doesNotKnowOtherEnvironments() {
    web.settings(RunningWeb.PLUGIN_ON);
    String path = "/api/v1/environments/%3Cscript%3E";
    assertThat(problem(web.get(path), 404).getString("detail"))
        .isEqualTo("environment: \"<script>\" (expected: an id from /api/v1/environments)");
    String longest = "x".repeat(2_000);
    assertThat(problem(web.get("/api/v1/environments/" + longest), 404).getString("detail"))
        .hasSizeLessThan(200);
  }

  @Test
  void allowsReadingOnly() {
    for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
      HttpResponse<String> answer = web.send(method, web.web.listening().port(), "/api/v1/runs");
      assertThat(problem(answer, 405).getString("detail"))
          .isEqualTo("method: " + method + " (expected: GET, HEAD)");
      assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
    }
  }

  @Test
  void refusesAStateThatIsNone() {
    web.settings(RunningWeb.PLUGIN_ON);
    for (String state : new String[] {"running", "UNKNOWN", "", "%3Cb%3E"}) {
      assertThat(problem(web.get("/api/v1/environments?state=" + state), 400).getString("detail"))
          .endsWith(
              "one of [STANDBY, DEPLOYED, CONFIGURED, RUNNING, ERROR], or DONE for those that have"
                  + " ended)");
    }
  }

  @Test
  void refusesAPathThatIsNotWellFormed() {
    web.settings(RunningWeb.PLUGIN_ON);
    for (String path : new String[] {"/api/v1/environments/%zz", "/api/v1/environments/%4"}) {
      assertThat(
              web.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
          .containsPattern("^HTTP/1\\.[01] 400 ")
          .contains("application/problem+json");
    }
  }

  @Test
  void refusesAQueryThatIsNotWellFormed() {
    web.settings(RunningWeb.PLUGIN_ON);
    assertThat(web.raw("GET /api/v1/environments?state=%zz HTTP/1.0\r\nHost: localhost\r\n\r\n"))
        .containsPattern("^HTTP/1\\.[01] 400 ")
        .contains("application/problem+json");
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThat(web.raw("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .containsPattern("^HTTP/1\\.[01] 414 ")
        .contains("application/problem+json");
    assertThat(
            web.raw(
                "GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: " + "x".repeat(9_000) + "\r\n\r\n"))
        .containsPattern("^HTTP/1\\.[01] 431 ")
        .contains("application/problem+json");
  }

  @Test
  void refusesWhatIsNotHttp() {
    assertThat(web.raw("\u0016\u0003\u0001 garbage\r\n\r\n"))
        .containsPattern("^HTTP/1\\.[01] 400 ");
  }
}
