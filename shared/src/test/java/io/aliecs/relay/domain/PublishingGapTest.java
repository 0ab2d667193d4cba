package io.aliecs.relay.domain;

import static io.aliecs.relay.domain.Relay.ENV;
import static io.aliecs.relay.domain.Relay.JOURNAL;
import static io.aliecs.relay.domain.Relay.OFF;
import static io.aliecs.relay.domain.Relay.ON;
import static io.aliecs.relay.domain.Relay.before;
import static io.aliecs.relay.domain.Relay.destroyed;
import static io.aliecs.relay.domain.Relay.entered;
import static io.aliecs.relay.domain.Relay.failed;
import static io.aliecs.relay.domain.Relay.leaving;
import static io.aliecs.relay.domain.aliecs.Transition.START_ACTIVITY;
import static io.aliecs.relay.domain.aliecs.Transition.STOP_ACTIVITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command.PublishingStarted;
import io.aliecs.relay.domain.command.Command.SettingsChanged;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.Topics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** No reader is left with half a run, however often the plugin is turned off and on. */
class PublishingGapTest {
  private static final long RUN = 500_000;

  private final Relay relay = Relay.publishing();

  private void off() {
    relay.apply(new SettingsChanged(OFF, 1));
  }

  /** What readers get when publishing is on again. */
  private List<Message> on() {
    relay.deliverAll();
    relay.apply(new SettingsChanged(ON, 1));
    relay.apply(new PublishingStarted(JOURNAL, relay.state.outbox().delivered(), Set.of(), 9_000));
    return relay.pending();
  }

  private static List<String> topics(List<Message> messages) {
    return messages.stream().map(Message::topic).toList();
  }

  @Test
  void aRunThatEndedMeanwhileGetsItsEndWithItsOwnTime() {
    relay.bring(State.RUNNING, 104);
    off();
    relay.send(leaving(STOP_ACTIVITY, 200));
    relay.send(entered(STOP_ACTIVITY, 201));
    assertThat(on())
        .extracting(Message::topic, Message::timestamp)
        .containsExactly(
            tuple(Topics.ACTIVE_RUNS, 201L),
            tuple(Topics.leaving(State.RUNNING), 200L),
            tuple(Topics.entered(State.CONFIGURED), 201L));
    assertThat(relay.state.outbox().after(0, 10))
        .extracting(OutboxEntry::late)
        .containsExactly(false, true, true);
    assertThat(relay.state.outbox().gap().skipped()).isEmpty();
  }

  @Test
  void aRunWhoseEnvironmentIsGoneGetsItsEnd() {
    relay.bring(State.RUNNING, 104);
    off();
    relay.send(destroyed(300));
    assertThat(topics(on()))
        .containsExactly(
            Topics.ACTIVE_RUNS, Topics.leaving(State.RUNNING), Topics.entered(State.UNKNOWN));
  }

  @Test
  void aRunThatStartedMeanwhileGetsItsStart() {
    relay.bring(State.CONFIGURED, 104);
    off();
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    relay.send(leaving(START_ACTIVITY, 201).runNumber(RUN));
    relay.send(entered(START_ACTIVITY, 202).runNumber(RUN));
    assertThat(on())
        .extracting(Message::topic, Message::timestamp)
        .containsExactly(
            tuple(Topics.ACTIVE_RUNS, 202L),
            tuple(Topics.BEFORE_START, 200L),
            tuple(Topics.SOR, 202L));
    assertThat(topics(relay.told(leaving(STOP_ACTIVITY, 300))))
        .containsExactly(Topics.leaving(State.RUNNING));
  }

  @Test
  void aRunThatWasOnlyAnnouncedIsAnnounced() {
    relay.bring(State.CONFIGURED, 104);
    off();
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    assertThat(topics(on())).containsExactly(Topics.ACTIVE_RUNS, Topics.BEFORE_START);
    assertThat(topics(relay.told(entered(START_ACTIVITY, 300).runNumber(RUN))))
        .contains(Topics.SOR)
        .doesNotContain(Topics.BEFORE_START);
  }

  @Test
  void aStartThatFailedMeanwhileIsNotTold() {
    relay.bring(State.CONFIGURED, 104);
    off();
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    relay.send(failed(START_ACTIVITY, 201).runNumber(RUN));
    assertThat(topics(on())).containsExactly(Topics.ACTIVE_RUNS);
    assertThat(relay.state.outbox().gap()).isEqualTo(PublishingGap.NONE);
  }

  @Test
  void aRunThatLiesWhollyInTheGapStaysUnpublishedAndIsNamedOnce() {
    relay.bring(State.CONFIGURED, 104);
    off();
    relay.send(entered(START_ACTIVITY, 200).runNumber(RUN));
    relay.send(entered(STOP_ACTIVITY, 300));
    assertThat(relay.state.outbox().gap().unnamed())
        .extracting(PublishingGap.SkippedRun::number)
        .containsExactly(RUN);
    assertThat(topics(on())).containsExactly(Topics.ACTIVE_RUNS);
    assertThat(relay.state.outbox().gap().unnamed()).isEmpty();
    assertThat(relay.state.outbox().gap().skipped())
        .extracting(PublishingGap.SkippedRun::environmentId)
        .containsExactly(ENV);
  }

  @Test
  void aRunThatReadersTookForStartedWhenItWasAnnouncedGetsAllOfIt() {
    relay.bring(State.CONFIGURED, 104);
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    off();
    relay.send(entered(START_ACTIVITY, 202).runNumber(RUN));
    relay.send(entered(STOP_ACTIVITY, 300));
    assertThat(topics(on()))
        .containsExactly(
            Topics.ACTIVE_RUNS,
            Topics.SOR,
            Topics.leaving(State.RUNNING),
            Topics.entered(State.CONFIGURED));
  }

  @Test
  void anEndThatWasToldBeforeIsNotToldAgain() {
    relay.bring(State.RUNNING, 104);
    relay.send(leaving(STOP_ACTIVITY, 200));
    off();
    relay.send(entered(STOP_ACTIVITY, 201));
    assertThat(topics(on())).containsExactly(Topics.ACTIVE_RUNS, Topics.entered(State.CONFIGURED));
  }

  @Test
  void whatComesBetweenTheSwitchAndTheStartIsBehindWhatIsOwed() {
    relay.bring(State.CONFIGURED, 104);
    off();
    relay.send(entered(START_ACTIVITY, 200).runNumber(RUN));
    relay.deliverAll();
    relay.apply(new SettingsChanged(ON, 1));
    relay.send(entered(STOP_ACTIVITY, 300));
    relay.apply(new PublishingStarted(JOURNAL, relay.state.outbox().delivered(), Set.of(), 9_000));
    assertThat(topics(relay.pending()))
        .containsSubsequence(
            Topics.BEFORE_START, Topics.SOR, Topics.leaving(State.RUNNING), Topics.ACTIVE_RUNS);
  }

  @Test
  void anEntryOfEarlierRulesDoesWhatItDid() {
    RelayState state = relay.bring(State.RUNNING, 104).state;
    state = state.apply(new SettingsChanged(OFF, 1), Rules.ENDS).state();
    EnvironmentEvent end = entered(STOP_ACTIVITY, 201).eventId("end").build();
    state = state.apply(end, Rules.ENDS).state();
    long next = state.outbox().next();
    assertThat(state.apply(new SettingsChanged(ON, 1), Rules.ENDS).state().outbox().next())
        .isEqualTo(next);
  }

  @Property(tries = 300)
  void whoeverPairsStartsAndEndsIsRight(
      @ForAll @Size(max = 120) List<@IntRange(min = 0, max = 999) Integer> choices) {
    Relay any = Relay.publishing();
    List<Message> read = new ArrayList<>();
    boolean on = true;
    long run = RUN;
    long now = 1_000;
    for (int choice : choices) {
      now += 10;
      if (choice % 5 == 0) {
        on = !on;
        any.apply(new SettingsChanged(on ? ON : OFF, now));
      } else if (choice % 5 == 1 && on) {
        start(any);
        read.addAll(any.pending());
        any.deliverAll();
      } else {
        EnvironmentEvent.Builder next = next(any, "env-" + choice % 3, choice, now, run + 1);
        if (next != null) {
          any.send(next);
          run++;
        }
      }
    }
    any.apply(new SettingsChanged(ON, now));
    start(any);
    read.addAll(any.pending());

    Set<Long> active = new HashSet<>();
    Set<Long> announced = new HashSet<>();
    for (Message message : read) {
      if (message.topic().equals(Topics.BEFORE_START)) {
        assertThat(announced.add(message.environment().runNumber())).isTrue();
      } else if (message.isSor()) {
        assertThat(announced).contains(message.environment().runNumber());
        assertThat(active.add(message.environment().runNumber())).isTrue();
      } else if (message.isEor()) {
        assertThat(active.remove(message.environment().runNumber())).isTrue();
      }
    }
    Set<Long> truth =
        any.state.running().stream()
            .map(Environment::run)
            .filter(is -> !is.endAnnounced())
            .map(Run::number)
            .collect(Collectors.toSet());
    assertThat(active).isEqualTo(truth);
    assertThat(any.state.outbox().gap().owed()).isEmpty();
  }

  private static void start(Relay any) {
    any.apply(new PublishingStarted(JOURNAL, any.state.outbox().delivered(), Set.of(), 9_000));
  }

  /** Something that may happen to that environment next, or null. */
  private static EnvironmentEvent.Builder next(
      Relay any, String prefix, int choice, long now, long run) {
    Environment known =
        any.state.environments().values().stream()
            .filter(e -> e.id().startsWith(prefix))
            .findFirst()
            .orElse(null);
    if (known == null) {
      return Relay.created(prefix + "-" + now, now);
    }
    int pick = choice / 10 % 10;
    if (pick == 9) {
      return on(known, EventType.DESTROYED, Transition.DESTROY, now);
    }
    return switch (known.state()) {
      case STANDBY -> on(known, EventType.ENTERED, Transition.DEPLOY, now);
      case DEPLOYED -> on(known, EventType.ENTERED, Transition.CONFIGURE, now);
      case CONFIGURED -> {
        long number = known.announcedRun() == 0 ? run : known.announcedRun();
        EventType type =
            pick < 3 ? EventType.BEFORE : pick < 5 ? EventType.FAILED : EventType.ENTERED;
        yield on(known, type, Transition.START_ACTIVITY, now).runNumber(number);
      }
      case RUNNING ->
          on(
              known,
              pick < 4 ? EventType.LEAVING : EventType.ENTERED,
              pick % 2 == 0 ? STOP_ACTIVITY : Transition.GO_ERROR,
              now);
      case ERROR -> on(known, EventType.ENTERED, Transition.RECOVER, now);
      default -> null;
    };
  }

  private static EnvironmentEvent.Builder on(
      Environment environment, EventType type, Transition transition, long now) {
    return EnvironmentEvent.builder(environment.id(), type, now).transition(transition);
  }
}
