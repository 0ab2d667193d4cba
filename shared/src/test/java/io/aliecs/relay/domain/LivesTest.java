package io.aliecs.relay.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Timeline;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** What holds for every life of environments, told well or badly. */
class LivesTest {

  private record RunOf(String environmentId, long number) {}

  @Provide
  Arbitrary<List<EnvironmentEvent>> disturbed() {
    return Lives.disturbed();
  }

  @Provide
  Arbitrary<List<EnvironmentEvent>> observed() {
    return Lives.legal(true);
  }

  @Provide
  Arbitrary<List<EnvironmentEvent>> asked() {
    return Lives.legal(false);
  }

  private static Relay after(List<EnvironmentEvent> events) {
    Relay relay = Relay.publishing();
    events.forEach(relay::apply);
    return relay;
  }

  @Property
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void aLegalLifeIsAppliedStepByStep(@ForAll("asked") List<EnvironmentEvent> events) {
    Relay relay = Relay.publishing();
    for (EnvironmentEvent event : events) {
      assertThat(relay.apply(event)).returns(Verdict.APPLIED, RelayState.Applied::verdict);
    }
    boolean hadRun = relay.pending().stream().anyMatch(Message::isSor);
    Statistics.label("a published run happened")
        .collect(hadRun)
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 20));
  }

  @Property
  void observingALegalLifeNeverHasToAdopt(@ForAll("observed") List<EnvironmentEvent> events) {
    Relay relay = Relay.publishing();
    for (EnvironmentEvent event : events) {
      assertThat(relay.apply(event).verdict()).isIn(Verdict.APPLIED, Verdict.UNCHANGED);
    }
  }

  @Property
  void everyStartOfRunHasExactlyOneEndOnceTheRunIsOver(
      @ForAll("disturbed") List<EnvironmentEvent> events) {
    Relay relay = after(events);
    Set<RunOf> started = new HashSet<>();
    Set<RunOf> ended = new HashSet<>();
    for (Message message : relay.pending()) {
      if (message.isSor()) {
        assertThat(started.add(run(message))).as("first SOR: %s", message).isTrue();
      } else if (message.isEor()) {
        assertThat(started).as("SOR before EOR").contains(run(message));
        assertThat(ended.add(run(message))).as("first EOR: %s", message).isTrue();
      }
    }
    relay
        .state
        .activeRuns()
        .values()
        .forEach(active -> started.remove(new RunOf(active.environmentId(), active.runNumber())));
    assertThat(ended).containsAll(started);
  }

  private static RunOf run(Message message) {
    EnvironmentInfo about = message.environment();
    return new RunOf(about.environmentId(), about.runNumber());
  }

  @Property
  void everyRunIsAnnouncedOnceAndBeforeItStarts(
      @ForAll("disturbed") List<EnvironmentEvent> events) {
    Set<RunOf> announced = new HashSet<>();
    for (Message message : after(events).pending()) {
      if (message.topic().equals("aliecs.before_start_activity")) {
        assertThat(announced.add(run(message))).as("first: %s", message).isTrue();
      } else if (message.isSor()) {
        assertThat(announced).contains(run(message));
      }
    }
  }

  @Property
  void aRunNumberIsToldWhereThereIsARunAndNowhereElse(
      @ForAll("disturbed") List<EnvironmentEvent> events) {
    for (Message message : after(events).pending()) {
      boolean starting = message.topic().equals("aliecs.before_start_activity");
      for (EnvironmentInfo info : message.about()) {
        if (info.state() == State.RUNNING || starting) {
          assertThat(info.runNumber()).as("%s", message).isPositive();
        } else {
          assertThat(info.runNumber()).as("%s", message).isNull();
          assertThat(info.runType()).as("%s", message).isNull();
        }
        assertThat(info.enteredAt()).isPositive();
      }
      assertThat(message.timestamp()).isPositive();
      assertThat(message.topic())
          .matches(topic -> message.isList() || Topics.perEnvironment().contains(topic));
    }
  }

  @Property
  void aMessageSaysTheStateOfItsTopic(@ForAll("disturbed") List<EnvironmentEvent> events) {
    for (Message message : after(events).pending()) {
      if (message.isList()) {
        assertThat(message.about()).allMatch(info -> info.state() == State.RUNNING);
      } else if (message.topic().equals("aliecs.before_start_activity")) {
        assertThat(message.environment().state()).isEqualTo(State.CONFIGURED);
      } else {
        assertThat(message.topic()).endsWith("state." + message.environment().state());
      }
    }
  }

  @Property
  void theListIsAlwaysTheActivePublishedRuns(@ForAll("disturbed") List<EnvironmentEvent> events) {
    Relay relay = Relay.publishing();
    for (EnvironmentEvent event : events) {
      relay.apply(event);
      List<EnvironmentInfo> expected =
          relay.state.running().stream()
              .filter(Environment::publish)
              .map(Environment::activeRun)
              .toList();
      List<EnvironmentInfo> last = List.of();
      for (Message message : relay.pending()) {
        last = message.isList() ? message.about() : last;
      }
      assertThat(last).isEqualTo(expected);
      assertThat(relay.state.activeRuns().values()).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Property
  void anEntryIsFollowedByItsList(@ForAll("disturbed") List<EnvironmentEvent> events) {
    List<Message> messages = after(events).pending();
    long listedAt = 0;
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).topic().startsWith("aliecs.env_state.")) {
        Message next = messages.get(i + 1);
        assertThat(next.isList()).isTrue();
        assertThat(next.timestamp()).isEqualTo(Math.max(listedAt, messages.get(i).timestamp()));
      } else if (messages.get(i).isList()) {
        listedAt = messages.get(i).timestamp();
      }
    }
  }

  @Property
  void nothingIsToldOfAnEnvironmentAfterItsEnd(@ForAll("disturbed") List<EnvironmentEvent> events) {
    Set<String> gone = new HashSet<>();
    Relay relay = Relay.publishing();
    for (EnvironmentEvent event : events) {
      long last = relay.state.outbox().next() - 1;
      relay.apply(event);
      for (Message message : relay.messagesAfter(last)) {
        assertThat(message.about()).noneMatch(info -> gone.contains(info.environmentId()));
      }
      relay.state.ended().forEach(environment -> gone.add(environment.id()));
      assertThat(relay.state.environments().keySet()).noneMatch(gone::contains);
    }
  }

  @Property
  void sequencesAndIdsHaveNoGaps(@ForAll("disturbed") List<EnvironmentEvent> events) {
    Outbox outbox = after(events).state.outbox();
    long sequence = outbox.delivered();
    long id = 0;
    for (OutboxEntry entry : outbox.after(0, Integer.MAX_VALUE)) {
      assertThat(entry.sequence()).isEqualTo(++sequence);
      assertThat(entry.id()).isEqualTo(++id);
      assertThat(entry.messages()).isNotEmpty();
    }
    assertThat(outbox.next()).isEqualTo(sequence + 1);
    assertThat(outbox.nextId()).isEqualTo(id + 1);
  }

  @Property
  void theSameCommandsGiveTheSameState(@ForAll("disturbed") List<EnvironmentEvent> events) {
    RelayState once = after(events).state;
    RelayState again = after(events).state;
    assertThat(again).isEqualTo(once).hasSameHashCodeAs(once);
  }

  @Property
  void readingTheWholeStreamAgainChangesNothing(
      @ForAll("disturbed") List<EnvironmentEvent> events) {
    List<EnvironmentEvent> records = Lives.recorded(events);
    Relay relay = after(records);
    RelayState once = relay.state;
    records.forEach(relay::apply);
    assertThat(relay.state).isEqualTo(once);
  }

  @Property
  void repeatingEveryEventOfALifeTellsNothingTwice(
      @ForAll("observed") List<EnvironmentEvent> events) {
    Relay relay = after(events);
    RelayState once = relay.state;
    // Events that come from no stream are known again only by the ids that a timeline still has.
    Assume.that(
        once.environments().values().stream()
            .allMatch(environment -> environment.timeline().size() < Timeline.LIMIT));
    events.forEach(relay::apply);
    assertThat(relay.state).isEqualTo(once);
  }

  @Property
  void repeatingEachEventAtOnceTellsWhatIsToldWithoutRepetition(
      @ForAll("observed") List<EnvironmentEvent> events) {
    Relay relay = Relay.publishing();
    for (EnvironmentEvent event : events) {
      relay.apply(event);
      relay.apply(event);
    }
    assertThat(relay.state).isEqualTo(after(events).state);
  }

  @Property
  void theMessagesOfOneEnvironmentDoNotDependOnTheOthers(
      @ForAll("disturbed") List<EnvironmentEvent> events) {
    Map<String, List<EnvironmentEvent>> each = new HashMap<>();
    events.forEach(e -> each.computeIfAbsent(e.environmentId(), id -> new ArrayList<>()).add(e));
    List<Message> together = notifications(after(events));
    each.forEach(
        (id, alone) ->
            assertThat(notifications(after(alone)))
                .isEqualTo(
                    together.stream()
                        .filter(m -> m.environment().environmentId().equals(id))
                        .toList()));
  }

  private static List<Message> notifications(Relay relay) {
    return relay.pending().stream().filter(message -> !message.isList()).toList();
  }
}
