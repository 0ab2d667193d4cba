package io.aliecs.relay.environment;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** One line for each end that AliECS has not told, and none for those that it has. */
class EndLogTest {
  private static final String ENV = "2env";

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(EndLog.class);
  private RelayState state = RelayState.EMPTY;

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
    apply(event(ENV, EventType.OBSERVED, 10).state(State.RUNNING).runNumber(5L));
  }

  @AfterEach
  void stop() {
    logger.detachAppender(logged);
  }

  private static EnvironmentEvent.Builder event(String id, EventType type, long at) {
    return EnvironmentEvent.builder(id, type, at).eventId(id + at).observed(true);
  }

  private void apply(EnvironmentEvent.Builder event) {
    apply(event.build());
  }

  private void apply(Command command) {
    RelayState before = state;
    RelayState.Applied applied = state.apply(command);
    state = applied.state();
    EndLog.log(before, new StateChanged(1, state, applied.environmentIds(), 1));
  }

  private void forget(String id, String reason) {
    apply(new Command.EnvironmentEnded(id, EndCause.FORGOTTEN, reason, "anna", 100, 100));
  }

  private List<String> lines() {
    return logged.list.stream()
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }

  @Test
  void anEndIsSaidWhenItIsToBeExpectedAndWhenItIsThere() {
    apply(event(ENV, EventType.TORN_DOWN, 20));
    apply(new Command.EnvironmentEnded(ENV, EndCause.TORN_DOWN, "", "", 20, 20));
    assertThat(lines())
        .containsExactly(
            "INFO environment 2env is about to end: torn down",
            "WARN environment 2env with run 5 has ended: torn down");
  }

  @Test
  void whoeverEndedItIsNamed() {
    forget(ENV, "core is gone");
    assertThat(lines())
        .containsExactly("WARN environment 2env with run 5 has ended: core is gone by anna");
  }

  @Test
  void anEnvironmentWithoutARunHasNoneInItsLine() {
    apply(event("2idle", EventType.OBSERVED, 11).state(State.CONFIGURED));
    forget("2idle", "");
    assertThat(lines()).containsExactly("WARN environment 2idle has ended: forgotten by anna");
  }

  @Test
  void aCoreThatStartsGivesALineForEach() {
    apply(event("2idle", EventType.OBSERVED, 11).state(State.CONFIGURED));
    apply(new Command.CoreStarted("core", 50, null));
    assertThat(lines())
        .containsExactlyInAnyOrder(
            "WARN environment 2env with run 5 has ended: core restarted",
            "WARN environment 2idle has ended: core restarted");
  }

  @Test
  void anEndThatAliecsTellsGivesNone() {
    apply(event(ENV, EventType.DESTROYED, 20));
    assertThat(state.environments()).isEmpty();
    assertThat(lines()).isEmpty();
  }

  @Test
  void anEndThatAliecsConfirmsIsNotSaidAgain() {
    forget(ENV, "");
    apply(event(ENV, EventType.DESTROYED, 200));
    assertThat(lines()).hasSize(1);
  }

  @Test
  void whatStrangersHaveSentIsInOneLine() {
    String odd = "2env\nWARN forged\u001b[31m";
    apply(event(odd, EventType.OBSERVED, 10).state(State.CONFIGURED));
    forget(odd, "because\nof this");
    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0)).doesNotContain("\n", "\u001b").contains("forged", "of this");
  }

  @Test
  void whatHasNotChangedIsNotSaid() {
    RelayState before = state;
    apply(event(ENV, EventType.TORN_DOWN, 20));
    logged.list.clear();
    EndLog.log(state, new StateChanged(2, state, Set.of(ENV), 1));
    EndLog.log(before, new StateChanged(3, state, Set.of(), 1));
    assertThat(lines()).isEmpty();
  }
}
