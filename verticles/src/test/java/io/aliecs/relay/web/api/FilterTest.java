package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists hold what is asked for, in a stable order, and wrong questions are named. */
class FilterTest {
  private final RunningWeb web = new RunningWeb();

  @BeforeEach
  void open() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running("a", 5, true, "ITS", "TPC")
        .running("b", 6, true, "MCH")
        .configured("c", true, "TPC")
        .configured("gone", true, "TPC");
    web.apply(web.event("gone", EventType.DESTROYED).transition(Transition.DESTROY).build());
  }

  @AfterEach
  void close() {
    web.close();
  }

  private List<String> ids(String path, String list) {
    return web.json(path).getJsonArray(list).stream()
        .map(entry -> ((JsonObject) entry).getString("environmentId"))
        .toList();
  }

  @Test
  void runsByDetectorAndTypeInAnyCase() {
    assertThat(ids("/api/v1/runs?detector=tpc", "runs")).containsExactly("a");
    assertThat(ids("/api/v1/runs?runType=physics", "runs")).containsExactly("a", "b");
    assertThat(ids("/api/v1/runs?runType=COSMICS", "runs")).isEmpty();
    assertThat(ids("/api/v1/runs?detector=MCH&runType=PHYSICS", "runs")).containsExactly("b");
  }

  @Test
  void environmentsByStateDetectorAndType() {
    assertThat(ids("/api/v1/environments?detector=TPC", "environments")).containsExactly("a", "c");
    assertThat(ids("/api/v1/environments?detector=TPC&state=CONFIGURED", "environments"))
        .containsExactly("c");
  }

  @Test
  void thoseThatHaveEndedNewestFirst() {
    web.apply(web.event("c", EventType.DESTROYED).transition(Transition.DESTROY).build());
    assertThat(ids("/api/v1/environments?state=DONE", "environments")).containsExactly("c", "gone");
  }

  @Test
  void wrongQuestionsAreNamed() {
    assertThat(web.get("/api/v1/runs?detektor=ITS").body())
        .contains("detektor", "expected: detector or runType");
    assertThat(web.get("/api/v1/runs?state=RUNNING").statusCode()).isEqualTo(400);
    assertThat(web.get("/api/v1/runs?detector=").body()).contains("expected: 1 to 128");
    assertThat(web.get("/api/v1/environments?runType=" + "x".repeat(200)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aFilteredListHasAnEntityTag() {
    String tag = web.get("/api/v1/runs?detector=ITS").headers().firstValue("etag").orElseThrow();
    assertThat(web.get("/api/v1/runs?detector=ITS", "If-None-Match", tag).statusCode())
        .isEqualTo(304);
    web.running("d", 7, true, "ITS");
    assertThat(web.get("/api/v1/runs?detector=ITS", "If-None-Match", tag).statusCode())
        .isEqualTo(200);
  }
}
