package io.aliecs.relay.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.environment.Ending;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * What holds for every life of environments, told well or badly, in which cores start, environments
 * are torn down, forgotten and replaced, and graces pass.
 */
class EndsPropertyTest {
  private record RunOf(String environmentId, long number) {}

  @Provide
  Arbitrary<List<Command>> lives() {
    Arbitrary<List<Integer>> noise =
        Arbitraries.integers()
            .between(0, 60)
            .withDistribution(RandomDistribution.uniform())
            .list()
            .ofSize(150);
    return Combinators.combine(Lives.disturbed(), noise).as(EndsPropertyTest::interrupted);
  }

  /** Puts ends that AliECS does not tell between the events, at their times. */
  private static List<Command> interrupted(List<EnvironmentEvent> events, List<Integer> noise) {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      EnvironmentEvent event = events.get(i);
      commands.add(event);
      long at = event.timestamp() + 5;
      String id = event.environmentId();
      switch (noise.get(i % noise.size())) {
        case 0 -> commands.add(new Command.CoreStarted("core-" + i, at, null));
        case 1 -> commands.add(ended(id, EndCause.FORGOTTEN, Long.MAX_VALUE, at));
        case 2 -> commands.add(ended(id, EndCause.UNKNOWN_TO_CORE, at - 50, at));
        case 3 ->
            commands.add(
                EnvironmentEvent.builder(id, EventType.TORN_DOWN, at)
                    .eventId("torn-" + i)
                    .observed(true)
                    .build());
        case 4, 5, 6 ->
            commands.add(
                EnvironmentEvent.builder("other-" + i, EventType.CREATED, at)
                    .eventId("other-" + i)
                    .detectors(List.of("TPC", "TOF"))
                    .observed(true)
                    .build());
        default -> {}
      }
    }
    return commands;
  }

  private static Command ended(String id, EndCause cause, long asOf, long at) {
    return new Command.EnvironmentEnded(id, cause, "", "", asOf, at);
  }

  private static Relay after(List<Command> commands) {
    Relay relay = Relay.publishing();
    commands.forEach(relay::apply);
    return relay;
  }

  /** Every grace passes, as the leader has it pass. */
  private static void passGraces(Relay relay) {
    for (Environment environment : List.copyOf(relay.state.environments().values())) {
      Ending ending = environment.ending();
      if (ending != null) {
        relay.apply(
            new Command.EnvironmentEnded(
                environment.id(),
                ending.cause(),
                ending.reason(),
                "",
                environment.lastEventAt(),
                ending.since()));
      }
    }
  }

  @Property
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void startsAndEndsOfARunTakeTurnsBeginningWithAStart(@ForAll("lives") List<Command> commands) {
    Relay relay = after(commands);
    passGraces(relay);
    Set<RunOf> on = new HashSet<>();
    Map<String, Long> since = new HashMap<>();
    for (Message message : relay.pending()) {
      if (message.isSor()) {
        assertThat(on.add(run(message))).as("no SOR while on: %s", message).isTrue();
        since.put(message.environment().environmentId(), message.environment().enteredAt());
      } else if (message.isEor()) {
        assertThat(on.remove(run(message))).as("no EOR without SOR: %s", message).isTrue();
        String id = message.environment().environmentId();
        assertThat(message.environment().enteredAt()).isEqualTo(since.get(id));
      }
    }
    Set<RunOf> listed = new HashSet<>();
    for (Environment environment : relay.state.running()) {
      Run run = environment.run();
      if (environment.publish() && run != null && !run.endAnnounced()) {
        listed.add(new RunOf(environment.id(), run.number()));
      }
    }
    assertThat(on).isEqualTo(listed);
    Statistics.label("an end was concluded")
        .collect(!relay.state.inferredEnds().isEmpty())
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 20));
  }

  private static RunOf run(Message message) {
    EnvironmentInfo about = message.environment();
    return new RunOf(about.environmentId(), number(about));
  }

  private static long number(EnvironmentInfo info) {
    Long number = info.runNumber();
    return number == null ? 0 : number;
  }

  @Property
  void theListIsThePublishedRunsThatAreActive(@ForAll("lives") List<Command> commands) {
    Relay relay = Relay.publishing();
    for (Command command : commands) {
      relay.apply(command);
      Set<String> running = new TreeSet<>();
      relay.state.running().stream()
          .filter(Environment::publish)
          .forEach(environment -> running.add(environment.id()));
      assertThat(relay.state.activeRuns().keySet()).isEqualTo(running);
    }
  }

  /** When each environment was last heard of, but for what is part of its end. */
  private static Map<String, Long> heard(List<Command> commands) {
    Map<String, Long> heard = new HashMap<>();
    for (Command command : commands) {
      if (command instanceof EnvironmentEvent event && !event.isPartOfEnd()) {
        heard.merge(event.environmentId(), event.timestamp(), Math::max);
      }
    }
    return heard;
  }

  @Property
  void behindTheGracesNoDetectorOfWhatWasLoadedIsInAnOlderEnvironment(
      @ForAll("lives") List<Command> commands) {
    Relay relay = after(commands);
    passGraces(relay);
    Map<String, Long> heard = heard(commands);
    for (Environment newer : relay.state.environments().values()) {
      for (Environment older : relay.state.environments().values()) {
        boolean gone = newer.loadedAt() > heard.getOrDefault(older.id(), 0L);
        if (gone && !newer.detectors().isEmpty()) {
          assertThat(older.detectors()).doesNotContainAnyElementsOf(newer.detectors());
        }
      }
    }
  }

  @Property
  void behindTheGracesNothingIsLeftThatAStartedCoreCannotHave(
      @ForAll("lives") List<Command> commands) {
    Relay relay = after(commands);
    passGraces(relay);
    assertThat(relay.state.environments().values())
        .allSatisfy(
            environment ->
                assertThat(environment.lastEventAt())
                    .isGreaterThanOrEqualTo(relay.state.coreStartedAt()));
  }

  @Property
  void whatHasEndedIsRememberedOnceAndIsNotTracked(@ForAll("lives") List<Command> commands) {
    RelayState state = after(commands).state;
    assertThat(state.endedOrder()).doesNotHaveDuplicates();
    assertThat(state.endedBy().keySet()).isEqualTo(new HashSet<>(state.endedOrder()));
    assertThat(state.endedBy().keySet()).containsAll(state.inferredEnds().keySet());
    assertThat(state.endedOrder()).noneMatch(state.environments()::containsKey);
  }
}
