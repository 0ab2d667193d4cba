package io.aliecs.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.retry.Backoff;
import org.junit.jupiter.api.RepeatedTest;

class WatchTimingTest {
  private final WatchTiming timing = WatchTiming.standard();

  @RepeatedTest(20)
  void retriesSoonWhatConsulRefusesAndSparesAConsulInTrouble() {
    Backoff refused = longFailing();
    Backoff troubled = longFailing();

    assertThat(before(refused, ConsulFailure.Reason.FORBIDDEN)).isLessThanOrEqualTo(6_250);
    assertThat(before(troubled, ConsulFailure.Reason.SERVER_ERROR)).isBetween(45_000L, 60_000L);
  }

  private long before(Backoff backoff, ConsulFailure.Reason reason) {
    return timing.beforeRetry(backoff, new ConsulFailure(reason, ""));
  }

  private Backoff longFailing() {
    Backoff backoff = timing.backoff();
    for (int retry = 0; retry < 20; retry++) {
      backoff.nextMillis();
    }
    return backoff;
  }
}
