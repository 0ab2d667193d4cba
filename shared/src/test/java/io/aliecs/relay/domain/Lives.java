package io.aliecs.relay.domain;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/** Legal lives of a few environments side by side, as AliECS's stream tells of them. */
final class Lives {
  private static final int ENVIRONMENTS = 3;
  private static final List<List<String>> DETECTORS =
      List.of(List.of(), List.of("TPC"), List.of("TPC", "ITS"), List.of("TOF", "MCH", "FT0"));

  private final boolean observed;
  private final List<EnvironmentEvent> events = new ArrayList<>();
  private final Map<Integer, State> states = new LinkedHashMap<>();
  private final Map<Integer, Long> runs = new LinkedHashMap<>();
  private final Map<Integer, Integer> generations = new LinkedHashMap<>();
  private long lastRun = 500_000;
  private long clock = 1_000;

  private Lives(boolean observed) {
    this.observed = observed;
  }

  /** Events in the order in which they happen. */
  static Arbitrary<List<EnvironmentEvent>> legal(boolean observed) {
    Arbitrary<int[]> choice =
        Combinators.combine(even(ENVIRONMENTS - 1), even(999))
            .as((environment, what) -> new int[] {environment, what});
    return choice
        .list()
        .ofMinSize(1)
        .ofMaxSize(60)
        .withSizeDistribution(RandomDistribution.uniform())
        .map(choices -> new Lives(observed).live(choices));
  }

  /** The same with some lost, some repeated at once or later, some late. */
  static Arbitrary<List<EnvironmentEvent>> disturbed() {
    Arbitrary<List<Integer>> noise = even(30).list().ofSize(150);
    return Combinators.combine(legal(true), noise).as(Lives::disturb);
  }

  private static Arbitrary<Integer> even(int most) {
    return Arbitraries.integers().between(0, most).withDistribution(RandomDistribution.uniform());
  }

  private static List<EnvironmentEvent> disturb(
      List<EnvironmentEvent> events, List<Integer> noise) {
    Map<Integer, List<EnvironmentEvent>> late = new LinkedHashMap<>();
    List<EnvironmentEvent> result = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      EnvironmentEvent event = events.get(i);
      int what = noise.get(i % noise.size());
      if (what > 3) { // 0 is lost, 3 is late
        result.add(event);
      }
      if (what == 1 || what == 4) {
        result.add(event);
      }
      if (what == 2 || what == 3 || what == 5) {
        int delay = 1 + noise.get((i + 1) % noise.size()) % 12;
        late.computeIfAbsent(i + delay, at -> new ArrayList<>()).add(event);
      }
      result.addAll(late.getOrDefault(i, List.of()));
      late.remove(i);
    }
    late.values().forEach(result::addAll);
    return result;
  }

  private List<EnvironmentEvent> live(List<int[]> choices) {
    choices.forEach(choice -> step(choice[0], choice[1]));
    return events;
  }

  private void step(int environment, int what) {
    State state = states.get(environment);
    if (state == null) {
      tell(environment, EventType.CREATED, null, State.STANDBY);
      states.put(environment, State.STANDBY);
      return;
    }
    List<Transition> legal = new ArrayList<>();
    for (Transition transition : Transition.values()) {
      // Going on is likelier than ending, so that runs happen.
      boolean ends = transition == Transition.EXIT || transition == Transition.DESTROY;
      if (transition.startsFrom(state) && (!ends || what % 7 == 0)) {
        legal.add(transition);
      }
    }
    Transition transition = legal.get(what / 10 % legal.size());
    int failure = what % 10; // 8: before leaving, 9: after leaving
    if (transition == Transition.START_ACTIVITY) {
      runs.put(environment, ++lastRun);
    }
    tell(environment, EventType.BEFORE, transition, state);
    if (failure != 8) {
      tell(environment, EventType.LEAVING, transition, state);
    }
    if (failure >= 8) {
      tell(environment, EventType.FAILED, transition, state);
      if (state != State.RUNNING) {
        runs.remove(environment);
      }
      return;
    }
    arrive(environment, transition, failure);
  }

  private void arrive(int environment, Transition transition, int failure) {
    State next = transition.destination();
    if (next == State.UNKNOWN) {
      tell(environment, EventType.DESTROYED, transition, State.UNKNOWN);
    } else {
      tell(environment, EventType.ENTERED, transition, next);
    }
    if (next.isLive()) {
      if (next != State.RUNNING) {
        runs.remove(environment);
      }
      states.put(environment, next);
      tell(environment, failure == 7 ? EventType.FAILED : EventType.OBSERVED, transition, next);
    } else {
      states.remove(environment);
      runs.remove(environment);
      generations.merge(environment, 1, Integer::sum);
    }
  }

  private void tell(int environment, EventType type, Transition transition, State state) {
    if (!observed
        && (type == EventType.OBSERVED
            || (type == EventType.BEFORE && transition != Transition.START_ACTIVITY))) {
      return;
    }
    clock += 10;
    int at = events.size();
    boolean numbered = transition != Transition.DESTROY;
    EnvironmentEvent.Builder event =
        EnvironmentEvent.builder(
                "env-" + environment + "-" + generations.getOrDefault(environment, 0), type, clock)
            .eventId("event-" + at)
            .transition(transition)
            .state(state)
            .runNumber(numbered ? runs.get(environment) : null)
            .observed(observed);
    if (type == EventType.CREATED) {
      event.detectors(DETECTORS.get(at % DETECTORS.size())).runType(at % 3 == 0 ? null : "PHYSICS");
      event.kafkaEnabled(at % 5 == 4 ? Boolean.FALSE : null);
    }
    events.add(event.build());
  }

  /** The same events as records of one partition, in that order. */
  static List<EnvironmentEvent> recorded(List<EnvironmentEvent> events) {
    SourcePartition partition = new SourcePartition("aliecs.environment", 0);
    List<EnvironmentEvent> recorded = new ArrayList<>();
    for (EnvironmentEvent event : events) {
      recorded.add(
          new EnvironmentEvent(
              event.eventId(),
              event.environmentId(),
              event.type(),
              event.transition(),
              event.state(),
              event.runNumber(),
              event.runType(),
              event.detectors(),
              event.kafkaEnabled(),
              event.workflow(),
              event.workflowMeant(),
              event.timestamp(),
              event.enteredAt(),
              event.observed(),
              new SourcePosition(partition, recorded.size())));
    }
    return recorded;
  }
}
