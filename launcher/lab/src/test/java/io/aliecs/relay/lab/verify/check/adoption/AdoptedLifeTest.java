package io.aliecs.relay.lab.verify.check.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedMessage;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What may be told of an environment of which events were lost. */
class AdoptedLifeTest {
  private static final String ID = "2oDvieFrVTi";
  private static final int RUN = 1_001;

  private final List<ExpectedChange> changes = new ArrayList<>();

  private static NewStateNotification says(String state, int run, long timestamp) {
    EnvInfo.Builder info =
        EnvInfo.newBuilder().setEnvironmentId(ID).setState(state).setEnterStateTimestamp(1);
    if (run != 0) {
      info.setRunNumber(run).setRunType("PHYSICS");
    }
    return NewStateNotification.newBuilder().setEnvInfo(info).setTimestamp(timestamp).build();
  }

  private void happens(String topic, String state, int run) {
    int order = changes.size() + 1;
    changes.add(
        new ExpectedChange(
            order,
            ID,
            order,
            true,
            List.of(new ExpectedMessage(topic, says(state, run, order))),
            false,
            null));
  }

  private void aRunThatIsTornDown() {
    happens("aliecs.env_state.DEPLOYED", "DEPLOYED", 0);
    happens("aliecs.env_leave_state.DEPLOYED", "DEPLOYED", 0);
    happens("aliecs.env_state.CONFIGURED", "CONFIGURED", 0);
    happens("aliecs.before_start_activity", "CONFIGURED", RUN);
    happens("aliecs.env_leave_state.CONFIGURED", "CONFIGURED", 0);
    happens("aliecs.env_state.RUNNING", "RUNNING", RUN);
    happens("aliecs.env_leave_state.RUNNING", "RUNNING", RUN);
    happens("aliecs.env_state.ERROR", "ERROR", 0);
    happens("aliecs.env_leave_state.ERROR", "ERROR", 0);
    happens("aliecs.env_state.UNKNOWN", "UNKNOWN", 0);
  }

  private static Optional<Kind> told(AdoptedLife life, String topic, String state, int run) {
    return life.follow(topic, says(state, run, 100)).map(AdoptedLife.Wrong::kind);
  }

  @Test
  void anInferredStartIsAnnouncedAndLeavesTheStateThatWasToldLast() {
    aRunThatIsTornDown();
    AdoptedLife life = new AdoptedLife(changes);

    assertThat(told(life, "aliecs.env_state.DEPLOYED", "DEPLOYED", 0)).isEmpty();
    assertThat(told(life, "aliecs.before_start_activity", "CONFIGURED", RUN)).isEmpty();
    assertThat(told(life, "aliecs.env_leave_state.DEPLOYED", "DEPLOYED", 0)).isEmpty();
    assertThat(told(life, "aliecs.env_state.RUNNING", "RUNNING", RUN)).isEmpty();
  }

  @Test
  void aRunIsAnnouncedOnceAndNotBehindItsStart() {
    aRunThatIsTornDown();
    AdoptedLife twice = new AdoptedLife(changes);
    assertThat(told(twice, "aliecs.before_start_activity", "CONFIGURED", RUN)).isEmpty();
    assertThat(told(twice, "aliecs.before_start_activity", "CONFIGURED", RUN))
        .contains(Kind.INVENTED);

    AdoptedLife late = new AdoptedLife(changes);
    assertThat(told(late, "aliecs.env_state.RUNNING", "RUNNING", RUN)).contains(Kind.LOST);
    assertThat(told(late, "aliecs.before_start_activity", "CONFIGURED", RUN))
        .contains(Kind.INVENTED);
  }

  @Test
  void theLastStateIsLeftWithEachAttemptToDestroyUntilOneIsKnownToBeOver() {
    aRunThatIsTornDown();
    AdoptedLife life = new AdoptedLife(changes);

    assertThat(told(life, "aliecs.env_leave_state.ERROR", "ERROR", 0)).isEmpty();
    assertThat(told(life, "aliecs.env_leave_state.ERROR", "ERROR", 0)).isEmpty();
    assertThat(told(life, "aliecs.env_state.UNKNOWN", "UNKNOWN", 0)).isEmpty();
    assertThat(told(life, "aliecs.env_leave_state.ERROR", "ERROR", 0)).contains(Kind.INVENTED);
  }

  @Test
  void noOtherStateIsLeftTwice() {
    aRunThatIsTornDown();
    AdoptedLife life = new AdoptedLife(changes);

    assertThat(told(life, "aliecs.env_leave_state.DEPLOYED", "DEPLOYED", 0)).isEmpty();
    assertThat(told(life, "aliecs.env_leave_state.DEPLOYED", "DEPLOYED", 0))
        .contains(Kind.INVENTED);
  }
}
