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
  /** The stream tells of an environment first; it is the core's news only when that was lost. */
  static final long NEWBORN_MS = 2_000;

  /**
   * How long nothing must have happened to an environment before the core looked: what AliECS
   * writes to the stream and what its core tells do not change in one instant.
   */
  static final long QUIET_MS = 1_000;

  private static final String DESTROY = "DESTROY";

  /** What a command of this class does. */
  enum Kind {
    /** An environment that the core does not have. */
    ENDED,
    /** One that it has in a state that was not known. */
    OBSERVED,
    /** What was not known of one that is. */
    COMPLETED;

    static Kind of(Command command) {
      if (command instanceof EnvironmentEvent event) {
        return event.type() == EventType.CREATED ? COMPLETED : OBSERVED;
      }
      return ENDED;
    }
  }

  /**
   * What the journal has to be told for the two to agree.
   *
   * @param meant whether a workflow of that name is one of those that are published
   */
  static List<Command> decide(RelayState state, CoreAnswer answer, Predicate<String> meant) {
    return answer.asOf() < state.coreStartedAt()
        ? List.of() // perhaps of the core before
        : new Reconciliation(state, answer, meant).commands();
  }

  private List<Command> commands() {
    List<Command> commands = new ArrayList<>();
    for (Environment known : state.environments().values()) {
      if (isGone(answer.environments().get(known.id())) && isSettled(known)) {
        commands.add(
            new Command.EnvironmentEnded(
                known.id(), EndCause.UNKNOWN_TO_CORE, "", "", quietSince(), answer.timestamp()));
      }
    }
    for (EnvironmentInfo told : answer.environments().values()) {
      Environment known = state.environments().get(told.getId());
      if (known == null) {
        adoption(told).ifPresent(commands::add);
      } else if (!isGone(told)) {
        completion(known, told).ifPresent(commands::add);
        correction(known, told).ifPresent(commands::add);
      }
    }
    return commands;
  }

  /** The core keeps one that is over while its tasks cannot be released. */
  private static boolean isGone(@Nullable EnvironmentInfo told) {
    return told == null || told.getState().equals(State.DONE.name());
  }

  private long quietSince() {
    return answer.asOf() - QUIET_MS;
  }

  private boolean isSettled(Environment known) {
    return known.lastEventAt() <= quietSince();
  }

  /** The core has one that is not tracked; not when AliECS has said that it ended. */
  private Optional<Command> adoption(EnvironmentInfo told) {
    boolean newborn = told.getCreatedWhen() > answer.asOf() - NEWBORN_MS;
    boolean leaves = told.getCurrentTransition().equals(DESTROY);
    return newborn || leaves || hasEnded(told.getId())
        ? Optional.empty()
        : state(told).flatMap(now -> observation(told, now));
  }

  private boolean hasEnded(String id) {
    Long inferred = state.inferredEnds().get(id);
    return inferred == null ? state.endedBy().containsKey(id) : inferred >= answer.asOf();
  }

  /** It is in another state than is known; one that is under way is left to the stream. */
  private Optional<Command> correction(Environment known, EnvironmentInfo told) {
    if (!isSettled(known) || !told.getCurrentTransition().isEmpty()) {
      return Optional.empty();
    }
    return state(told)
        .filter(now -> now != known.state() || isOtherRun(known, told))
        .flatMap(now -> observation(told, now));
  }

  private static boolean isOtherRun(Environment known, EnvironmentInfo told) {
    return known.run() != null && known.run().number() != runNumber(told);
  }

  /** A state that the environment can stay in; RUNNING only with its run. */
  private static Optional<State> state(EnvironmentInfo told) {
    return State.named(told.getState())
        .filter(State::isLive)
        .filter(now -> now != State.RUNNING || told.getCurrentRunNumber() != 0);
  }

  private Optional<Command> observation(EnvironmentInfo told, State now) {
    Long enteredAt = enteredAt(told);
    if (enteredAt != null && enteredAt > quietSince()) {
      return Optional.empty(); // the stream says so itself, or the next answer will
    }
    return event(
        told,
        EventType.OBSERVED,
        answer.asOf(),
        event ->
            event
                .state(now)
                .runNumber(now == State.RUNNING ? runNumber(told) : null)
                .enteredAt(enteredAt));
  }

  /** What was not told of a known environment. */
  private Optional<Command> completion(Environment known, EnvironmentInfo told) {
    Boolean enabled = kafkaEnabled(told);
    boolean lacksDetectors = known.detectors().isEmpty() && detectors(told) != null;
    boolean lacksType = known.runType() == null && runType(told) != null;
    boolean lacksWorkflow = known.workflowMeant() == null && workflow(told) != null;
    boolean otherwisePublished =
        enabled != null
            && enabled != known.publish()
            && known.run() == null
            && !Boolean.FALSE.equals(known.workflowMeant());
    return lacksDetectors || lacksType || lacksWorkflow || otherwisePublished
        // At the time of what is known: a later creation would be that of another life.
        ? event(told, EventType.CREATED, known.changedAt(), event -> event.state(State.STANDBY))
        : Optional.empty();
  }

  /** The environment that such a command is about. */
  static String environmentId(Command command) {
    if (command instanceof EnvironmentEvent event) {
      return event.environmentId();
    }
    return command instanceof Command.EnvironmentEnded ended ? ended.environmentId() : "";
  }

  /** Empty when the core says of it what no environment can be. */
  private Optional<Command> event(
      EnvironmentInfo told,
      EventType type,
      long time,
      UnaryOperator<EnvironmentEvent.Builder> part) {
    String workflow = workflow(told);
    EnvironmentEvent.Builder event =
        EnvironmentEvent.builder(told.getId(), type, time)
            .eventId("core:" + type + ":" + told.getId() + ":" + answer.timestamp())
            .runType(runType(told))
            .detectors(detectors(told))
            .kafkaEnabled(kafkaEnabled(told))
            .workflow(workflow)
            .workflowMeant(workflow == null ? null : meant.test(workflow))
            .observed(true);
    try {
      return Optional.of(part.apply(event).build());
    } catch (IllegalArgumentException unfit) {
      return Optional.empty();
    }
  }

  private static long runNumber(EnvironmentInfo told) {
    return Integer.toUnsignedLong(told.getCurrentRunNumber());
  }

  /** The core has them in no order. */
  private static @Nullable List<String> detectors(EnvironmentInfo told) {
    List<String> names = told.getIncludedDetectorsList().stream().sorted().toList();
    return names.isEmpty() ? null : names;
  }

  private static @Nullable String runType(EnvironmentInfo told) {
    return orNull(CoreAnswer.variable(told, "run_type"));
  }

  private static @Nullable String workflow(EnvironmentInfo told) {
    return orNull(told.getRootRole());
  }

  private static @Nullable Boolean kafkaEnabled(EnvironmentInfo told) {
    String enabled = CoreAnswer.variable(told, "kafka_enabled");
    return enabled.isEmpty() ? null : Boolean.valueOf(enabled.equals("true"));
  }

  private @Nullable Long enteredAt(EnvironmentInfo told) {
    try {
      long time = Long.parseLong(CoreAnswer.variable(told, "enter_state_time_ms"));
      return time > 0 && time <= answer.timestamp() ? time : null;
    } catch (NumberFormatException none) {
      return null;
    }
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
