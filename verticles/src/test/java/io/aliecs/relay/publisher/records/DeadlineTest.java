package io.aliecs.relay.publisher.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  /** Close to its largest value: such a clock may overflow. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

  private final Deadline limit = new Deadline(now::get, Duration.ofSeconds(2));

  private void pass(long millis) {
    now.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  @Test
  void isOverSoLongAfterItBeganAndNotBefore() {
    pass(10_000);
    assertThat(limit.isOver()).as("never begun").isFalse();
    limit.begin();
    pass(1_999);
    assertThat(limit.isOver()).isFalse();
    pass(1);
    assertThat(limit.isOver()).isTrue();
  }

  @Test
  void beginsAnewWhenItIsToldSoAndOnlyThen() {
    limit.beginOnce();
    pass(1_500);
    limit.beginOnce();
    pass(500);
    assertThat(limit.isOver()).isTrue();
    limit.begin();
    assertThat(limit.isOver()).isFalse();
    pass(2_000);
    limit.reset();
    assertThat(limit.isOver()).isFalse();
    limit.beginOnce();
    assertThat(limit.isOver()).isFalse();
  }
}
