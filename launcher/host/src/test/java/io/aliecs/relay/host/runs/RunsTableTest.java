package io.aliecs.relay.host.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RunsTableTest {
  private static final long SINCE = 1_700_000_000_000L;

  private static JsonObject run(String id, long number) {
    return new JsonObject()
        .put("environmentId", id)
        .put("runNumber", number)
        .put("runType", "PHYSICS")
        .put("state", "RUNNING")
        .put("detectors", new JsonArray().add("ITS").add("TPC"))
        .put("enteredAt", SINCE)
        .put("endAnnounced", false)
        .put("publish", true);
  }

  private static JsonObject answer(JsonObject... runs) {
    JsonArray array = new JsonArray();
    for (JsonObject run : runs) {
      array.add(run);
    }
    return new JsonObject().put("pluginEnabled", true).put("runs", array);
  }

  @Test
  void columnsAreAlignedAndDurationsReadable() {
    JsonObject ending = run("2oDvieFrVTi", 4_294_967_295L).put("endAnnounced", true);
    JsonObject off = run("env", 7).put("publish", false).putNull("runType");
    assertThat(RunsTable.lines(answer(ending, off), SINCE + 7_500_000, ZoneOffset.UTC))
        .containsExactly(
            "RUN         ENVIRONMENT  TYPE     SINCE                FOR                  KAFKA"
                + "  DETECTORS",
            "4294967295  2oDvieFrVTi  PHYSICS  2023-11-14 22:13:20  2 h 05 min (ending)  yes  "
                + "  ITS TPC",
            "7           env          -        2023-11-14 22:13:20  2 h 05 min           off  "
                + "  ITS TPC");
  }

  @Test
  void noRunsAreSaidInWords() {
    assertThat(RunsTable.lines(answer(), SINCE, ZoneOffset.UTC)).containsExactly("No active runs.");
  }

  @Test
  void aHostileIdCannotMoveTheCursorOrFillTheScreen() {
    String line =
        RunsTable.lines(
                answer(run("\u001b[2J\n\u202e" + "x".repeat(10_000), 1)), SINCE, ZoneOffset.UTC)
            .get(1);
    assertThat(line).contains("?[2J??xxx").doesNotContain("\u001b", "\n", "\u202e");
    assertThat(line.length()).isLessThan(200);
  }
}
