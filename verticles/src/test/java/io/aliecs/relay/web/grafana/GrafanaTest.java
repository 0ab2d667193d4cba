package io.aliecs.relay.web.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrafanaTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  /** As Grafana asks. */
  private static String url(String query) {
    return "/query?db=env&epoch=ms&q=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  private String answer(String query) {
    HttpResponse<String> answer = web.get(url(query));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    return answer.body();
  }

  private JsonArray rows(String query) {
    return new JsonObject(answer(query))
        .getJsonArray("results")
        .getJsonObject(0)
        .getJsonArray("series")
        .getJsonObject(0)
        .getJsonArray("values");
  }

  private void someRuns() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running("2one", 500, true, "TPC")
        .running("2its", 501, true, "TOF", "ITS")
        .running("2hidden", 502, false, "TPC", "TOF", "MCH")
        .running("2three", 503, true, "TPC", "MCH", "FDD")
        .configured("2idle", true, "ZDC");
  }

  @Test
  void hasNoRetentionPolicies() {
    web.settings(RunningWeb.PLUGIN_ON);
    assertThat(answer("SHOW RETENTION POLICIES")).isEqualTo("{}");
    assertThat(answer("SHOW RETENTION POLICIES on \"env\"")).isEqualTo("{}");
  }

  @Test
  void namesTheRunsOfThePublishedListInItsOrder() {
    someRuns();
    assertThat(answer("SHOW TAG VALUES FROM runs"))
        .isEqualTo(
            "{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"env_active\","
                + "\"columns\":[\"key\",\"value\"],"
                + "\"values\":[[\"run\",\"501\"],[\"run\",\"503\"],[\"run\",\"500\"]]}]}]}");
  }

  @Test
  void namesRun0WhenThereIsNone() {
    web.settings(RunningWeb.PLUGIN_ON).running("2hidden", 502, false, "TPC");
    assertThat(rows("SHOW TAG VALUES FROM runs WITH KEY = \"run\""))
        .containsExactly(new JsonArray(List.of("run", "0")));
  }

  @Test
  void namesTheDetectorsOfARun() {
    someRuns();
    assertThat(answer("SHOW TAG VALUES FROM detectors WHERE run = 501"))
        .isEqualTo(
            "{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"detectors\","
                + "\"columns\":[\"key\",\"value\"],"
                + "\"values\":[[\"detector\",\"its\"],[\"detector\",\"tof\"]]}]}]}");
    assertThat(rows("SHOW TAG VALUES FROM detectors WHERE run = 502")).isEmpty();
    assertThat(rows("SHOW TAG VALUES FROM detectors WHERE run = 0")).isEmpty();
  }

  @Test
  void tellsAboutARun() {
    someRuns();
    long enteredAt = web.state.environments().get("2its").enteredAt();
    assertThat(answer("SELECT * FROM active_runs WHERE run = 501"))
        .isEqualTo(
            "{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"env\",\"columns\":"
                + "[\"time\",\"Env ID\",\"Run number\",\"Detectors\",\"State\",\"Run type\"],"
                + "\"values\":[["
                + enteredAt
                + ",\"2its\",501,\"ITS TOF\",\"RUNNING\",\"PHYSICS\"]]}]}]}");
    assertThat(rows("SELECT * FROM active_runs WHERE run = 502")).isEmpty();
  }

  @Test
  void listsARunThatStopsUntilItHasLeftAndNoLonger() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 4_294_967_295L, true, "ITS");
    web.apply(web.event("2env", EventType.LEAVING).transition(Transition.STOP_ACTIVITY).build());
    assertThat(rows("SELECT * FROM active_runs WHERE run = 4294967295")).hasSize(1);

    web.apply(web.event("2env", EventType.ENTERED).transition(Transition.STOP_ACTIVITY).build());
    assertThat(rows("SELECT * FROM active_runs WHERE run = 4294967295")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT \"Env ID\", State FROM active_runs WHERE run = 501 AND time > now() - 1h",
        "select * from active_runs where run=501",
        "SELECT *\n  FROM \"active_runs\"\n  WHERE \"run\" = '501'",
        "SELECT * FROM env..active_runs WHERE run = 501)",
      })
  void understandsTheQueryHoweverItIsWritten(String query) {
    someRuns();
    assertThat(rows(query)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$run", "", "abc", "501x", "-1", "+501", "5.01", "99999999999999999999"})
  void saysNothingOfARunThatIsNoNumber(String run) {
    someRuns();
    assertThat(answer("SELECT * FROM active_runs WHERE run = " + run)).isEqualTo("{}");
    assertThat(answer("SHOW TAG VALUES FROM detectors WHERE run = " + run)).isEqualTo("{}");
  }

  @Test
  void answersSeveralStatementsInTheirOrder() {
    someRuns();
    JsonArray results =
        new JsonObject(
                answer(
                    "SHOW TAG VALUES FROM runs; SELECT * FROM active_runs WHERE run = $run;"
                        + "SELECT * FROM active_runs WHERE run = 500;"))
            .getJsonArray("results");
    assertThat(results).hasSize(3);
    assertThat(results.getJsonObject(0).getJsonArray("series")).hasSize(1);
    assertThat(results.getJsonObject(1)).isEqualTo(new JsonObject().put("statement_id", 1));
    assertThat(results.getJsonObject(2).getInteger("statement_id")).isEqualTo(2);
  }

  @Test
  void saysThatItIsThereWhenADataSourceIsTested() {
    web.settings(RunningWeb.PLUGIN_ON);
    assertThat(rows("SHOW MEASUREMENTS LIMIT 1")).hasSize(3);
    assertThat(web.get("/ping").statusCode()).isEqualTo(204);
    assertThat(web.send("HEAD", web.web.listening().port(), "/ping").statusCode()).isEqualTo(204);
    HttpResponse<String> head =
        web.send("HEAD", web.web.listening().port(), url("SHOW RETENTION POLICIES"));
    assertThat(head.headers().firstValue("content-length")).contains("2");
  }

  @Test
  void takesTheQueryFromAFormToo() {
    someRuns();
    String form = "q=" + URLEncoder.encode("SHOW TAG VALUES FROM runs", StandardCharsets.UTF_8);
    assertThat(web.post("/query?db=env&epoch=ms", form, "content-type", FORM).body())
        .isEqualTo(answer("SHOW TAG VALUES FROM runs"));
    assertThat(web.post(url("SHOW RETENTION POLICIES"), "").body()).isEqualTo("{}");
  }

  private static String error(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).isEqualTo(status);
    return new JsonObject(answer.body()).getString("error");
  }

  @Test
  void refusesWhatIsNoQueryAndNamesThoseItKnows() {
    String expected =
        " (expected: SHOW RETENTION POLICIES, or SHOW MEASUREMENTS, or SHOW TAG VALUES FROM runs,"
            + " or SHOW TAG VALUES FROM detectors WHERE run = <number>,"
            + " or SELECT … FROM active_runs WHERE run = <number>)";
    assertThat(error(web.get(url("DROP DATABASE <b>")), 400))
        .isEqualTo("error parsing query: found \"DROP DATABASE <b>\"" + expected);
    assertThat(error(web.get(url("SHOW TAG VALUES FROM runs; nonsense")), 400))
        .isEqualTo("error parsing query: found \"nonsense\"" + expected);
    assertThat(error(web.get("/query?db=env"), 400))
        .isEqualTo("missing required parameter \"q\"" + expected);
    assertThat(error(web.get(url(";;")), 400)).contains("found \";;\"");
    assertThat(error(web.get(url("SHOW MEASUREMENTS;".repeat(101))), 400))
        .contains("more than 100 statements");
    assertThat(error(web.post("/query", "q=%zz", "content-type", FORM), 400)).contains("percent");
  }

  @Test
  void refusesAFormThatIsTooLarge() {
    for (int size : new int[] {10_000, 70_000}) {
      HttpResponse<String> answer =
          web.post("/query", "q=" + "x".repeat(size), "content-type", FORM);
      assertThat(answer.statusCode()).isIn(400, 413);
      assertThat(new JsonObject(answer.body()).getString("error")).contains("expected: ");
    }
  }

  @Test
  void isNotReadyUntilAStateIsKnown() {
    HttpResponse<String> answer = web.get(url("SHOW TAG VALUES FROM runs"));
    assertThat(error(answer, 503)).contains("not replayed");
    assertThat(answer.headers().firstValue("retry-after")).contains("1");
  }

  @Test
  void allowsNothingElse() {
    HttpResponse<String> answer = web.send("DELETE", web.web.listening().port(), "/query");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD, POST");
    assertThat(web.send("POST", web.web.listening().port(), "/ping").statusCode()).isEqualTo(405);
  }

  @Test
  void isCounted() {
    web.settings(RunningWeb.PLUGIN_ON);
    answer("SHOW RETENTION POLICIES");
    web.get(url("nonsense"));
    assertThat(web.management("/metrics").body().lines())
        .contains(
            "relay_http_requests_total{route=\"/query\",server=\"api\",status=\"200\"} 1.0",
            "relay_http_requests_total{route=\"/query\",server=\"api\",status=\"400\"} 1.0");
  }
}
