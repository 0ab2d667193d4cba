package io.aliecs.relay.host.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class FormatTest {
  private final TextColumns plain = new TextColumns(ZoneOffset.UTC, new Palette(false));

  @Test
  void writesAnEmptyListWithItsTimestamp() {
    byte[] list = ActiveRunsList.newBuilder().setTimestamp(7).build().toByteArray();
    assertThat(new JsonLines().format(record("aliecs.env_list.RUNNING", list)))
        .isEqualTo(
            "{\"topic\":\"aliecs.env_list.RUNNING\",\"partition\":0,\"offset\":3,"
                + "\"timestamp\":1000,\"key\":\"k\",\"headers\":{\"ce_id\":\"e1\"},"
                + "\"value\":{\"activeRuns\":[],\"timestamp\":\"7\"}}");
    assertThat(plain.format(record("aliecs.env_list.RUNNING", list)))
        .isEqualTo("1970-01-01 00:00:01.000  aliecs.env_list.RUNNING            no active run");
  }

  @Test
  void leavesOutAbsentRunNumbers() {
    byte[] value =
        NewStateNotification.newBuilder()
            .setEnvInfo(EnvInfo.newBuilder().setEnvironmentId("e").setState("DEPLOYED"))
            .build()
            .toByteArray();
    assertThat(new JsonLines().format(record("aliecs.env_state.DEPLOYED", value)))
        .contains("\"enterStateTimestamp\":\"0\"")
        .doesNotContain("runNumber");
    assertThat(plain.format(record("aliecs.env_state.DEPLOYED", value)))
        .endsWith("e                     -  -            DEPLOYED");
  }

  @Test
  void alignsColumnsWithTheirNames() {
    byte[] value =
        NewStateNotification.newBuilder()
            .setEnvInfo(
                EnvInfo.newBuilder()
                    .setEnvironmentId("2oDvieFrVTi")
                    .setState("RUNNING")
                    .addDetectors("ITS"))
            .build()
            .toByteArray();
    String line = plain.format(record("aliecs.env_state.RUNNING", value));
    assertThat(line.indexOf("2oDv")).isEqualTo(plain.header().indexOf("ENVIRONMENT"));
    assertThat(line.indexOf("RUNNING  ")).isEqualTo(plain.header().indexOf("TOPIC") + 17);
    assertThat(line.indexOf("ITS")).isEqualTo(plain.header().indexOf("DETECTORS"));
  }

  @Test
  void letsNothingThroughThatMovesTheCursorOrTurnsTheWriting() {
    byte[] value =
        NewStateNotification.newBuilder()
            .setEnvInfo(
                EnvInfo.newBuilder()
                    .setEnvironmentId("a\u001b[2Jb\nc")
                    .setRunType("\u009b2Jd\u202ee")
                    .setState("X\r"))
            .build()
            .toByteArray();
    assertThat(plain.format(record("aliecs.env_state.RUNNING", value)))
        .contains("a?[2Jb?c", "?2Jd?e")
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
  }

  @Test
  void showsGarbageAsAnErrorWithItsPlace() {
    byte[] garbage =
        "not protobuf at all, and rather long at that".getBytes(StandardCharsets.UTF_8);
    assertThat(plain.format(record("aliecs.env_list.RUNNING", garbage)))
        .contains("cannot be decoded: partition 0, offset 3: ")
        .contains("6e6f7420")
        .contains("(44 bytes)");
    assertThat(new JsonLines().format(record("unheard.of", new byte[] {1})))
        .contains("\"value\":null")
        .contains("\"bytes\":\"01\"");
  }

  private static ConsumerRecord<byte[], byte[]> record(String topic, byte[] value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", "e1".getBytes(StandardCharsets.UTF_8));
    return new ConsumerRecord<>(
        topic,
        0,
        3,
        1_000,
        TimestampType.CREATE_TIME,
        1,
        value.length,
        "k".getBytes(StandardCharsets.UTF_8),
        value,
        headers,
        Optional.empty());
  }
}
