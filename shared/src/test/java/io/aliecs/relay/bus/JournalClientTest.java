package io.aliecs.relay.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Verticles start in any order. */
@ExtendWith(VertxExtension.class)
class JournalClientTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Leadership LEADS = new Leadership(true, 7, "a");

  private Vertx vertx;
  private final List<Object> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();

  @BeforeEach
  void register(Vertx vertx) {
    this.vertx = vertx;
    LocalRecords.register(vertx);
  }

  private static StateChanged state(long index) {
    return new StateChanged(index, RelayState.EMPTY, Set.of(), 1);
  }

  private void journalStarts() {
    vertx
        .eventBus()
        .localConsumer(
            BusAddresses.HOST_STATE,
            message -> {
              if (refusals.getAndDecrement() > 0) {
                message.fail(FailureCode.NOT_READY.code(), "replaying");
              } else {
                message.reply(new HostState(state(3), LEADS), LocalRecords.LOCAL);
              }
            });
  }

  private void follow() throws Exception {
    new JournalClient(vertx).follow(told::add, told::add).await();
  }

  private void await(Object... expected) {
    org.awaitility.Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(told).containsExactly(expected));
  }

  @Test
  void whoStartsAfterTheJournalIsToldTheStateAndWhoLeads() throws Exception {
    journalStarts();
    follow();
    await(state(3), LEADS);
  }

  @Test
  void whoStartsBeforeTheJournalIsToldWhenItIsReplayed() throws Exception {
    refusals.set(1);
    follow();
    journalStarts();
    await(state(3), LEADS);
  }

  @Test
  void whatIsToldMeanwhileIsNewerThanTheAnswer() throws Exception {
    Leadership newer = new Leadership(false, 8, "b");
    follow();
    vertx.eventBus().publish(BusAddresses.LEADERSHIP_CHANGED, newer, LocalRecords.LOCAL);
    await(newer);
    journalStarts();
    await(newer, state(3));
  }
}
