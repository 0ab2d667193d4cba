package io.aliecs.relay.domain;

import static io.aliecs.relay.domain.Relay.before;
import static io.aliecs.relay.domain.Relay.created;
import static io.aliecs.relay.domain.Relay.entered;
import static io.aliecs.relay.domain.Relay.leaving;
import static io.aliecs.relay.domain.Relay.listed;
import static io.aliecs.relay.domain.Relay.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What AliECS writes of one environment is in several partitions, and comes in any mixture. */
class PartitionsTest {
  private static final SourcePartition RUNS = new SourcePartition("aliecs.run", 0);
  private static final SourcePartition CORE = new SourcePartition("aliecs.core", 0);
  private static final String ID = "env-0-0";
  private static final long SECOND_LIFE = 1_000_000;

  /**
   * What has happened, and the order in which it is read.
   *
   * @param happened in the order of its times
   * @param read the same, mixed
   */
  private record Story(List<Command> happened, List<Command> read) {
    @Override
    public String toString() {
      return read.stream().map(Story::line).collect(Collectors.joining("\n"));
    }

    private static String line(Command record) {
      if (!(record instanceof EnvironmentEvent event)) {
        return record.toString();
      }
      SourcePosition source = event.source();
      SourcePartition from = source == null ? CORE : source.partition();
      return "%s-%s: %s %s %s %s run %s at %s"
          .formatted(
              from.topic(),
              from.partition(),
              event.environmentId(),
              event.type(),
              event.transition(),
              event.state(),
              event.runNumber(),
              event.timestamp());
    }
  }

  private static SourcePartition environments(int partition) {
    return new SourcePartition("aliecs.environment", partition);
  }

  private final Relay relay = Relay.publishing();
  private final Map<SourcePartition, Long> offsets = new HashMap<>();

  private RelayState.Applied read(int partition, EnvironmentEvent.Builder event) {
    SourcePartition from = environments(partition);
    long offset = offsets.merge(from, 1L, Long::sum);
    return relay.send(event.observed(true).source(new SourcePosition(from, offset)));
  }

  private void configureAndStart(int partition, long run, long at) {
    read(partition, before(Transition.START_ACTIVITY, at).state(State.CONFIGURED).runNumber(run));
    read(partition, leaving(Transition.START_ACTIVITY, at + 1).runNumber(run));
    read(partition, entered(Transition.START_ACTIVITY, at + 2).state(State.RUNNING).runNumber(run));
  }

  @Test
  void theStopOfAnEarlierRunThatComesLateFromAnotherPartitionDoesNotEndTheRunThatIsOn() {
    read(0, created(100));
    read(0, entered(Transition.DEPLOY, 101).state(State.DEPLOYED));
    read(0, entered(Transition.CONFIGURE, 102).state(State.CONFIGURED));
    configureAndStart(0, 2_000, 110);

    read(4, seen(State.CONFIGURED, 300).transition(Transition.START_ACTIVITY));
    configureAndStart(4, 2_100, 301);
    relay.deliverAll();
    for (EnvironmentEvent.Builder late :
        List.of(
            seen(State.RUNNING, 200).transition(Transition.STOP_ACTIVITY).runNumber(2_000L),
            leaving(Transition.STOP_ACTIVITY, 201).state(State.RUNNING).runNumber(2_000L),
            entered(Transition.STOP_ACTIVITY, 202).state(State.CONFIGURED).runNumber(2_000L),
            seen(State.CONFIGURED, 203).transition(Transition.STOP_ACTIVITY))) {
      assertThat(read(0, late).verdict()).isEqualTo(Verdict.STALE);
    }

    assertThat(relay.pending()).isEmpty();
    assertThat(relay.state.activeRuns()).containsValue(listed(2_100, 303));
  }

  @Test
  void anUnknownEnvironmentInErrorByNoTransitionIsNoNews() {
    assertThat(read(0, seen(State.ERROR, 100)).verdict()).isEqualTo(Verdict.UNCHANGED);
    assertThat(relay.state.environments()).isEmpty();
    read(0, seen(State.ERROR, 101).transition(Transition.GO_ERROR));
    assertThat(relay.environment().state()).isEqualTo(State.ERROR);
  }

  @Test
  void whatOnlyConfirmedAStateMakesOlderOnesOfAnotherPartitionStale() {
    read(0, created(100));
    read(0, entered(Transition.DEPLOY, 101).state(State.DEPLOYED));
    read(0, entered(Transition.CONFIGURE, 102).state(State.CONFIGURED));
    assertThat(read(0, seen(State.CONFIGURED, 900)).verdict()).isEqualTo(Verdict.UNCHANGED);
    assertThat(read(1, leaving(Transition.RESET, 500)).verdict()).isEqualTo(Verdict.STALE);
    assertThat(read(1, entered(Transition.RESET, 501).state(State.DEPLOYED)).verdict())
        .isEqualTo(Verdict.STALE);
    assertThat(relay.environment().lastEventAt()).isEqualTo(900);
  }

  @Test
  void withinAPartitionTheNextStepIsAppliedWhateverItsTimeSays() {
    long hour = 3_600_000;
    read(0, created(hour + 100));
    read(0, entered(Transition.DEPLOY, hour + 101).state(State.DEPLOYED));
    read(0, seen(State.DEPLOYED, hour + 102));
    assertThat(read(0, leaving(Transition.CONFIGURE, 50)).verdict()).isEqualTo(Verdict.APPLIED);
    assertThat(read(0, entered(Transition.CONFIGURE, 51).state(State.CONFIGURED)).verdict())
        .isEqualTo(Verdict.APPLIED);
    configureAndStart(0, 2_000, 52);
    assertThat(relay.state.activeRuns()).containsValue(listed(2_000, 54));
  }

  @Provide
  Arbitrary<Story> oneLife() {
    return Combinators.combine(Lives.legal(true), noise(), Arbitraries.of(true, false))
        .as((life, noise, runs) -> story(partitioned(life, noise, runs, 0), noise));
  }

  @Provide
  Arbitrary<Story> twoLives() {
    return Combinators.combine(
            Lives.legal(true), Lives.legal(true), noise(), Arbitraries.of(true, false))
        .as(PartitionsTest::twoLives);
  }

  private static Arbitrary<List<Integer>> noise() {
    return Arbitraries.integers().between(0, 99).list().ofSize(211);
  }

  /** A core dies in the middle of a life; the one after it makes an environment of the same id. */
  private static Story twoLives(
      List<EnvironmentEvent> first,
      List<EnvironmentEvent> second,
      List<Integer> noise,
      boolean runs) {
    List<EnvironmentEvent> cut =
        first.stream().filter(e -> e.environmentId().equals(ID)).takeWhile(e -> !ends(e)).toList();
    List<EnvironmentEvent> again =
        second.stream()
            .filter(e -> e.environmentId().equals(ID))
            .map(
                e ->
                    copy(e, e.timestamp() + SECOND_LIFE)
                        .eventId("second-" + e.eventId())
                        .runNumber(e.runNumber() == null ? null : e.runNumber() - 400_000)
                        .build())
            .toList();
    List<Command> happened = new ArrayList<>(partitioned(cut, noise, runs, 0));
    happened.add(new Command.CoreStarted("core", SECOND_LIFE, new SourcePosition(CORE, 0)));
    happened.addAll(partitioned(again, noise, runs, 1_000));
    return story(happened, noise);
  }

  private static boolean ends(EnvironmentEvent event) {
    return event.transition() == Transition.DESTROY || event.transition() == Transition.EXIT;
  }

  private static EnvironmentEvent.Builder copy(EnvironmentEvent event, long timestamp) {
    return EnvironmentEvent.builder(event.environmentId(), event.type(), timestamp)
        .eventId(event.eventId())
        .transition(event.transition())
        .state(event.state())
        .runNumber(event.runNumber())
        .runType(event.runType())
        .detectors(event.detectors())
        .observed(true);
  }

  /** Puts each event into one of two partitions, and what AliECS says of runs into a third. */
  private static List<Command> partitioned(
      List<EnvironmentEvent> life, List<Integer> noise, boolean runs, long offset) {
    List<Command> records = new ArrayList<>();
    for (int i = 0; i < life.size(); i++) {
      EnvironmentEvent event = life.get(i);
      SourcePartition partition = environments(noise.get(i % noise.size()) % 2);
      EnvironmentEvent.Builder ofRun = runs ? ofRun(event) : null;
      if (ofRun != null) {
        records.add(ofRun.source(new SourcePosition(RUNS, offset + i)).build());
      }
      records.add(
          copy(event, event.timestamp()).source(new SourcePosition(partition, offset + i)).build());
    }
    return records;
  }

  private static EnvironmentEvent.@Nullable Builder ofRun(EnvironmentEvent event) {
    boolean before =
        event.type() == EventType.BEFORE && event.transition() == Transition.START_ACTIVITY;
    boolean entered = event.type() == EventType.ENTERED && event.runNumber() != null;
    if (!before && !entered) {
      return null;
    }
    return EnvironmentEvent.builder(
            event.environmentId(),
            before ? EventType.BEFORE : EventType.RUN_OBSERVED,
            event.timestamp() - 1)
        .eventId("run-" + event.eventId())
        .transition(event.transition())
        .state(event.state())
        .runNumber(event.runNumber())
        .observed(true);
  }

  private static Story story(List<Command> happened, List<Integer> noise) {
    Map<SourcePartition, List<Command>> queues = new LinkedHashMap<>();
    happened.forEach(
        record -> queues.computeIfAbsent(partition(record), p -> new ArrayList<>()).add(record));
    List<List<Command>> left = new ArrayList<>(queues.values());
    List<Command> read = new ArrayList<>();
    for (int i = 0; !left.isEmpty(); i++) {
      int choice = noise.get((i / 3) % noise.size());
      List<Command> queue = left.get(choice % left.size());
      for (int n = 0; n <= choice / 20 && !queue.isEmpty(); n++) {
        read.add(queue.remove(0));
      }
      left.removeIf(List::isEmpty);
    }
    return new Story(List.copyOf(happened), read);
  }

  private static SourcePartition partition(Command record) {
    return record instanceof EnvironmentEvent event && event.source() != null
        ? event.source().partition()
        : CORE;
  }

  private static Relay after(List<Command> records) {
    Relay relay = Relay.publishing();
    records.forEach(relay::apply);
    relay.state.environments().values().stream()
        .filter(e -> e.ending() != null && e.ending().cause() == EndCause.CORE_RESTARTED)
        .forEach(e -> endAsExpected(relay, e));
    return relay;
  }

  private static void endAsExpected(Relay relay, Environment environment) {
    relay.apply(
        new Command.EnvironmentEnded(
            environment.id(),
            EndCause.CORE_RESTARTED,
            "",
            "",
            environment.lastEventAt(),
            SECOND_LIFE));
  }

  @Property
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void anyMixtureOfThePartitionsOfALifeComesToTheSameTruth(@ForAll("oneLife") Story story) {
    check(story);
  }

  @Property
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void anyMixtureOfTwoLivesOfOneEnvironmentComesToTheSameTruth(@ForAll("twoLives") Story story) {
    check(story);
  }

  private static void check(Story story) {
    Relay truth = after(story.happened());
    Relay mixed = after(story.read());
    assertThat(states(mixed)).isEqualTo(states(truth));
    Map<String, Message> trueEnds = byRun(truth, Message::isEor);
    Map<String, Message> starts = byRun(mixed, Message::isSor);
    Map<String, Message> ends = byRun(mixed, Message::isEor);
    assertThat(byRun(truth, Message::isSor).keySet()).containsAll(starts.keySet());
    assertThat(starts.keySet()).containsAll(ends.keySet());
    for (Map.Entry<String, Message> start : starts.entrySet()) {
      Message end = ends.get(start.getKey());
      Message trueEnd = trueEnds.get(start.getKey());
      if (end == null) {
        assertThat(active(mixed)).as("has no EOR").contains(start.getKey());
      } else {
        assertThat(trueEnd).as("of %s", end).isNotNull();
        assertThat(end.timestamp()).isGreaterThanOrEqualTo(start.getValue().timestamp());
        assertThat(end.timestamp()).isGreaterThanOrEqualTo(trueEnd.timestamp() - 20);
      }
    }
    byRun(mixed, message -> message.topic().equals(Topics.BEFORE_START));
    Statistics.label("a run was published")
        .collect(!starts.isEmpty())
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 5));
  }

  /** Each run has no more than one such message. */
  private static Map<String, Message> byRun(Relay relay, Predicate<Message> which) {
    Map<String, Message> found = new HashMap<>();
    for (Message message : relay.pending()) {
      if (which.test(message)) {
        EnvironmentInfo info = message.environment();
        assertThat(found.put(info.environmentId() + " " + info.runNumber(), message))
            .as("a second: %s", message)
            .isNull();
      }
    }
    return found;
  }

  private static List<String> active(Relay relay) {
    return relay.state.running().stream().map(e -> e.id() + " " + run(e)).toList();
  }

  private static long run(Environment environment) {
    Run run = environment.run();
    return run == null ? 0 : run.number();
  }

  private static Map<String, String> states(Relay relay) {
    Map<String, String> states = new HashMap<>();
    relay
        .state
        .environments()
        .forEach((id, environment) -> states.put(id, environment.state() + " " + run(environment)));
    return states;
  }
}
