package io.aliecs.relay.reconcile;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.proto.control.EnvironmentInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Compares what AliECS's core has with what the relay tracks. Pure.
 *
 * <p>The event stream is faster than the core's answer: of an environment that has changed since
 * the core looked, the answer decides nothing.
 */
record Reconciliation(RelayState state, CoreAnswer answer, Predicate<String> meant) {
  /** The stream reports a new environment first; younger ones are left to it. */
  static final long NEWBORN_MS = 2_000;

  /**
   * How long nothing must have happened to an environment before the core looked: the stream and
   * the core's answer do not change in one instant.
   */
  static final long QUIET_MS = 1_000;

  private static final String DESTROY = "DESTROY";

  /** Which difference there is. */
  enum Kind {
    /** An environment that the core does not have. */
    ENDED,
    /** One that it has in a state that was not known. */
    OBSERVED,
    /** What was not known of one that is. */
    COMPLETED
  }

  /**
   * A difference, and the command that makes up for it.
   *
   * @param run the number of the run in that command, if any
   */
  record Correction(Kind kind, String environmentId, @Nullable Long run, Command command) {
    static Correction of(Kind kind, EnvironmentEvent event) {
      return new Correction(kind, event.environmentId(), event.runNumber(), event);
    }
  }

  /**
   * What it takes for the relay to agree with the core.
   *
   * @param meant whether a workflow of that name is one of those that are published
   */
  static List<Correction> decide(RelayState state, CoreAnswer answer, Predicate<String> meant) {
    return answer.asOf() < state.coreStartedAt()
        ? List.of() // perhaps of the core before
        : new Reconciliation(state, answer, meant).corrections();
  }

  private List<Correction> corrections() {
    List<Correction> corrections = new ArrayList<>();
    for (Environment known : state.environments().values()) {
      if (isGone(answer.environments().get(known.id())) && isSettled(known)) {
        Command end =
            new Command.EnvironmentEnded(
                known.id(), EndCause.UNKNOWN_TO_CORE, "", "", quietSince(), answer.timestamp());
        corrections.add(new Correction(Kind.ENDED, known.id(), null, end));
      }
    }
    for (EnvironmentInfo reported : answer.environments().values()) {
      Environment known = state.environments().get(reported.getId());
      if (known == null) {
        adoption(reported).ifPresent(corrections::add);
      } else if (!isGone(reported)) {
        completion(known, reported).ifPresent(corrections::add);
        otherState(known, reported).ifPresent(corrections::add);
      }
    }
    return corrections;
  }

  /** The core keeps one that is over while its tasks cannot be released. */
  private static boolean isGone(@Nullable EnvironmentInfo reported) {
    return reported == null || reported.getState().equals(State.DONE.name());
  }

  private long quietSince() {
    return answer.asOf() - QUIET_MS;
  }

  private boolean isSettled(Environment known) {
    return known.lastEventAt() <= quietSince();
  }

  /** The core has one that is not tracked; not when AliECS has reported its end. */
  private Optional<Correction> adoption(EnvironmentInfo reported) {
    boolean newborn = reported.getCreatedWhen() > answer.asOf() - NEWBORN_MS;
    boolean leaves = reported.getCurrentTransition().equals(DESTROY);
    return newborn || leaves || hasEnded(reported.getId())
        ? Optional.empty()
        : state(reported).flatMap(now -> observation(reported, now));
  }

  private boolean hasEnded(String id) {
    Long inferred = state.inferredEnds().get(id);
    return inferred == null ? state.endedBy().containsKey(id) : inferred >= answer.asOf();
  }

  /** It is in another state than is known; one that is under way is left to the stream. */
  private Optional<Correction> otherState(Environment known, EnvironmentInfo reported) {
    if (!isSettled(known) || !reported.getCurrentTransition().isEmpty()) {
      return Optional.empty();
    }
    return state(reported)
        .filter(now -> now != known.state() || isOtherRun(known, reported))
        .flatMap(now -> observation(reported, now));
  }

  private static boolean isOtherRun(Environment known, EnvironmentInfo reported) {
    return known.run() != null && known.run().number() != runNumber(reported);
  }

  /** A state that the environment can stay in; RUNNING only with its run. */
  private static Optional<State> state(EnvironmentInfo reported) {
    return State.named(reported.getState())
        .filter(State::isLive)
        .filter(now -> now != State.RUNNING || reported.getCurrentRunNumber() != 0);
  }

  private Optional<Correction> observation(EnvironmentInfo reported, State now) {
    Long enteredAt = enteredAt(reported);
    if (enteredAt != null && enteredAt > quietSince()) {
      return Optional.empty(); // the stream reports it, or the next answer does
    }
    return correction(
        Kind.OBSERVED,
        reported,
        EventType.OBSERVED,
        answer.asOf(),
        event ->
            event
                .state(now)
                .runNumber(now == State.RUNNING ? runNumber(reported) : null)
                .enteredAt(enteredAt));
  }

  /** Details that are missing of a known environment. */
  private Optional<Correction> completion(Environment known, EnvironmentInfo reported) {
    Boolean enabled = kafkaEnabled(reported);
    boolean missesDetectors = known.detectors().isEmpty() && detectors(reported) != null;
    boolean missesType = known.runType() == null && runType(reported) != null;
    boolean missesWorkflow = known.workflowMeant() == null && workflow(reported) != null;
    boolean otherwisePublished =
        enabled != null
            && enabled != known.publish()
            && known.run() == null
            && !Boolean.FALSE.equals(known.workflowMeant());
    return missesDetectors || missesType || missesWorkflow || otherwisePublished
        // At the time of what is known: a later creation would be that of another life.
        ? correction(
            Kind.COMPLETED,
            reported,
            EventType.CREATED,
            known.changedAt(),
            event -> event.state(State.STANDBY))
        : Optional.empty();
  }

  /** Empty when the core reports what no environment can be. */
  private Optional<Correction> correction(
      Kind kind,
      EnvironmentInfo reported,
      EventType type,
      long time,
      UnaryOperator<EnvironmentEvent.Builder> part) {
    String workflow = workflow(reported);
    EnvironmentEvent.Builder event =
        EnvironmentEvent.builder(reported.getId(), type, time)
            .eventId("core:" + type + ":" + reported.getId() + ":" + answer.timestamp())
            .runType(runType(reported))
            .detectors(detectors(reported))
            .kafkaEnabled(kafkaEnabled(reported))
            .workflow(workflow)
            .workflowMeant(workflow == null ? null : meant.test(workflow))
            .observed(true);
    try {
      return Optional.of(Correction.of(kind, part.apply(event).build()));
    } catch (IllegalArgumentException unfit) {
      return Optional.empty();
    }
  }

  private static long runNumber(EnvironmentInfo reported) {
    return Integer.toUnsignedLong(reported.getCurrentRunNumber());
  }

  /** The core has them in no order. */
  private static @Nullable List<String> detectors(EnvironmentInfo reported) {
    List<String> names = reported.getIncludedDetectorsList().stream().sorted().toList();
    return names.isEmpty() ? null : names;
  }

  private static @Nullable String runType(EnvironmentInfo reported) {
    return orNull(CoreAnswer.variable(reported, "run_type"));
  }

  private static @Nullable String workflow(EnvironmentInfo reported) {
    return orNull(reported.getRootRole());
  }

  private static @Nullable Boolean kafkaEnabled(EnvironmentInfo reported) {
    String enabled = CoreAnswer.variable(reported, "kafka_enabled");
    return enabled.isEmpty() ? null : Boolean.valueOf(enabled.equals("true"));
  }

  private @Nullable Long enteredAt(EnvironmentInfo reported) {
    try {
      long time = Long.parseLong(CoreAnswer.variable(reported, "enter_state_time_ms"));
      return time > 0 && time <= answer.timestamp() ? time : null;
    } catch (NumberFormatException none) {
      return null;
    }
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
