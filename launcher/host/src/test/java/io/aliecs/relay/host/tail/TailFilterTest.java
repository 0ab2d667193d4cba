package io.aliecs.relay.host.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.proto.events.Ev_RunEvent;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class TailFilterTest {
  private static final EnvInfo FIRST = env("2first").setRunNumber(7).build();
  private static final EnvInfo SECOND = env("2second").setRunNumber(0xFFFF_FFFF).build();
  private static final EnvInfo NO_RUN = env("2first").build();

  @Test
  void showsWhatIsAboutAnEnvironmentAndListsThatItIsIn() {
    TailFilter filter = new TailFilter("2first", null, 0);
    assertThat(filter.matches(notification(FIRST))).isTrue();
    assertThat(filter.matches(notification(NO_RUN))).isTrue();
    assertThat(filter.matches(notification(SECOND))).isFalse();
    assertThat(filter.matches(list(SECOND, FIRST))).isTrue();
    assertThat(filter.matches(list(SECOND))).isFalse();
    assertThat(filter.matches(list())).isFalse();
  }

  @Test
  void showsWhatIsAboutARunByItsUnsignedNumber() {
    TailFilter filter = new TailFilter(null, Integer.parseUnsignedInt("4294967295"), 0);
    assertThat(filter.matches(notification(SECOND))).isTrue();
    assertThat(filter.matches(notification(FIRST))).isFalse();
    assertThat(filter.matches(list(FIRST, SECOND))).isTrue();
    assertThat(new TailFilter(null, 0, 0).matches(notification(NO_RUN)))
        .as("no run is not run 0")
        .isFalse();
  }

  @Test
  void anEnvironmentAndARunMustBothFit() {
    assertThat(new TailFilter("2first", 7, 0).matches(list(FIRST, SECOND))).isTrue();
    assertThat(new TailFilter("2second", 7, 0).matches(list(FIRST, SECOND))).isFalse();
  }

  @Test
  void takesTheEventsOfAliEcsToo() {
    byte[] event =
        Event.newBuilder()
            .setRunEvent(Ev_RunEvent.newBuilder().setEnvironmentId("2first").setRunNumber(7))
            .build()
            .toByteArray();
    ConsumerRecord<byte[], byte[]> record = record("aliecs.run", 0, event);
    assertThat(new TailFilter("2first", 7, 0).matches(record)).isTrue();
    assertThat(new TailFilter("2second", null, 0).matches(record)).isFalse();
  }

  @Test
  void whatCannotBeDecodedIsAboutNobody() {
    ConsumerRecord<byte[], byte[]> broken = record("aliecs.env_state.ERROR", 0, new byte[] {0x0A});
    assertThat(new TailFilter(null, null, 0).matches(broken)).isTrue();
    assertThat(new TailFilter("2first", null, 0).matches(broken)).isFalse();
  }

  @Test
  void leavesOutWhatIsOlder() {
    TailFilter filter = new TailFilter(null, null, 1_000);
    assertThat(filter.matches(record("t", 999, new byte[0]))).isFalse();
    assertThat(filter.matches(record("t", 1_000, new byte[0]))).isTrue();
  }

  private static EnvInfo.Builder env(String id) {
    return EnvInfo.newBuilder().setEnvironmentId(id).setState("RUNNING");
  }

  private static ConsumerRecord<byte[], byte[]> notification(EnvInfo env) {
    return record(
        "aliecs.env_state.RUNNING",
        0,
        NewStateNotification.newBuilder().setEnvInfo(env).build().toByteArray());
  }

  private static ConsumerRecord<byte[], byte[]> list(EnvInfo... runs) {
    ActiveRunsList.Builder list = ActiveRunsList.newBuilder();
    for (EnvInfo run : runs) {
      list.addActiveRuns(run);
    }
    return record("aliecs.env_list.RUNNING", 0, list.build().toByteArray());
  }

  private static ConsumerRecord<byte[], byte[]> record(String topic, long time, byte[] value) {
    return new ConsumerRecord<>(
        topic,
        0,
        0,
        time,
        TimestampType.CREATE_TIME,
        0,
        value.length,
        null,
        value,
        new RecordHeaders(),
        java.util.Optional.empty());
  }
}
