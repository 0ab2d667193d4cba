package io.aliecs.relay.publisher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StrangersTest {
  private final AtomicLong now = new AtomicLong();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Strangers strangers = new Strangers("aliecs-relay", meters, now::get);

  private double counted(String kind) {
    return meters.get("relay.publisher.strangers").tag("kind", kind).counter().count();
  }

  @Test
  void everyKindIsCountedFromTheStart() {
    assertThat(counted("other")).isZero();
    assertThat(counted("relay")).isZero();
    assertThat(counted("transactional-id")).isZero();
  }

  @Test
  void whoeverWritesIsSaidForMinutesAfterTheLastTime() {
    strangers.see(Stranger.noRelay("b"), "ours");
    strangers.see(Stranger.noRelay("a"), "ours");
    now.addAndGet(Strangers.SHOWN.toNanos() - 1);
    assertThat(strangers.troubles("ours"))
        .singleElement()
        .satisfies(text -> assertThat(text).contains("a, b", "AliECS's own plugin"));

    strangers.see(Stranger.noRelay("a"), "ours");
    now.incrementAndGet();
    assertThat(strangers.troubles("ours")).hasSize(1);
    now.addAndGet(Strangers.SHOWN.toNanos());
    assertThat(strangers.troubles("ours")).isEmpty();
    assertThat(counted("other")).isEqualTo(3);
  }

  @Test
  void anotherRelayIsSaidWithBothJournalsAndWhatTheyShare() {
    strangers.see(Stranger.sameId("theirs"), "ours");
    strangers.see(new Stranger("third", "aliecs.env_state.RUNNING"), "ours");

    assertThat(strangers.troubles("ours"))
        .satisfiesExactly(
            text ->
                assertThat(text).contains("theirs", "ours", "kafka.transactional-id aliecs-relay"),
            text -> assertThat(text).contains("third", "ours", "aliecs.env_state.RUNNING"));
  }
}
