package io.aliecs.relay.lab.simulate.events;

import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.OpStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What AliECS writes to its event stream about one environment, event for event, with all that is
 * odd about it. Each method is something that happens to the environment and returns the events
 * that AliECS writes about it, in the order of writing; state and run number are kept between
 * calls.
 *
 * <p>Pure but for the clock it is given. For one thread at a time.
 */
public final class AliEcsEvents {
  private static final String CREATE = "CREATE";
  private static final String DESTROY = "DESTROY";
  private static final String PENDING = "PENDING";

  /** What AliECS says, with neither transition nor step, when a creation has failed. */
  public static final List<String> CREATION_FAILURES =
      List.of(
          "cannot create new environment",
          "cannot get newly created environment",
          "cannot load workflow");

  private final String environmentId;
  private final String workflow;
  private final Supplier<Instant> clock;
  private final Run run;
  private String state;

  /**
   * What AliECS remembers of a run: its number, and whether it has yet to write on the run topic
   * that the run ends and that its end is complete. Before the first run there is neither.
   */
  static final class Run {
    private long number;
    private boolean endOpen;
    private boolean completionOpen;

    /** The run number; 0 when there is none. */
    long number() {
      return number;
    }

    void start(long runNumber) {
      number = runNumber;
      endOpen = true;
      completionOpen = true;
    }

    /** It ends; true when this is the first time. */
    boolean end() {
      boolean first = endOpen;
      endOpen = false;
      return first;
    }

    /** Its end is complete; true when this is the first time. */
    boolean completeEnd() {
      boolean first = completionOpen;
      completionOpen = false;
      return first;
    }

    void forget() {
      number = 0;
    }
  }

  private AliEcsEvents(
      String environmentId, String workflow, Supplier<Instant> clock, String state, Run run) {
    this.environmentId = environmentId;
    this.workflow = workflow;
    this.clock = clock;
    this.state = state;
    this.run = run;
  }

  /**
   * Of an environment that has yet to be created.
   *
   * @param clock read once for each event
   */
  public static AliEcsEvents of(String environmentId, Supplier<Instant> clock) {
    return of(environmentId, EnvironmentSetup.DATA_TAKING, clock);
  }

  /**
   * Of an environment that has yet to be created.
   *
   * @param workflow name of its workflow
   * @param clock read once for each event
   */
  public static AliEcsEvents of(String environmentId, String workflow, Supplier<Instant> clock) {
    return new AliEcsEvents(environmentId, workflow, clock, PENDING, new Run());
  }

  /**
   * Of an environment that is in {@code state} already.
   *
   * @param runNumber its run; 0 when it has none
   */
  public static AliEcsEvents in(
      String environmentId, Supplier<Instant> clock, String state, long runNumber) {
    Run run = new Run();
    if (runNumber != 0) {
      run.start(runNumber);
    }
    return new AliEcsEvents(environmentId, EnvironmentSetup.DATA_TAKING, clock, state, run);
  }

  /** The state it is in; {@code PENDING} until created, {@code DONE} once destroyed. */
  public String state() {
    return state;
  }

  /** Its run number; 0 when it has none. A START_ACTIVITY that failed leaves one behind. */
  public long runNumber() {
    return run.number();
  }

  /** Creation up to the loaded workflow, the only event with variables: then it is in STANDBY. */
  public List<SimulatedEvent> created(EnvironmentSetup setup) {
    EventWriter out = loading();
    state = "STANDBY";
    out.add(
        step(out, CREATE, "after_CREATE", OpStatus.DONE_OK, "workflow loaded")
            .putAllVars(variables(setup)));
    out.add(step(out, CREATE, "", OpStatus.DONE_OK, "transition completed successfully"));
    return out.events();
  }

  /** What follows once the new environment has been deployed and configured: no transition. */
  public List<SimulatedEvent> announced() {
    EventWriter out = writer();
    out.add(out.environment(state, 0).setMessage("created new environment"));
    return out.events();
  }

  /**
   * A creation whose workflow cannot be loaded.
   *
   * @param message one of {@link #CREATION_FAILURES}
   */
  public List<SimulatedEvent> notCreated(String message, String error) {
    EventWriter out = loading();
    addCreationFailed(out, message, error);
    return out.events();
  }

  /**
   * The end of a creation that failed after loading: comes after the environment is DONE.
   *
   * @param message one of {@link #CREATION_FAILURES}
   */
  public List<SimulatedEvent> creationFailed(String message, String error) {
    EventWriter out = writer();
    addCreationFailed(out, message, error);
    return out.events();
  }

  /**
   * Any transition but START_ACTIVITY.
   *
   * @throws IllegalArgumentException when it cannot be made from the present state
   */
  public List<SimulatedEvent> transition(AliEcsTransition transition, FailurePoint failure) {
    if (transition == AliEcsTransition.START_ACTIVITY) {
      throw new IllegalArgumentException(
          "transition: START_ACTIVITY (expected: any other; startActivity takes its run number)");
    }
    return transition(transition, 0, failure);
  }

  /**
   * START_ACTIVITY.
   *
   * @param runNumber what it is given, 1 to 2³²−1
   * @throws IllegalArgumentException when the environment is not CONFIGURED
   */
  public List<SimulatedEvent> startActivity(long runNumber, FailurePoint failure) {
    if (runNumber <= 0 || runNumber > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException(
          "runNumber: " + runNumber + " (expected: 1 to 4294967295)");
    }
    return transition(AliEcsTransition.START_ACTIVITY, runNumber, failure);
  }

  /** The event that usually, but not always, comes before GO_ERROR; it has no transition. */
  public List<SimulatedEvent> goErrorImminent(String error) {
    EventWriter out = writer();
    out.add(
        out.environment(state, run.number())
            .setError(error)
            .setMessage("a critical error occurred, GO_ERROR transition imminent"));
    return out.events();
  }

  /** An attempt at destruction whose tasks cannot be released; a second one follows. */
  public List<SimulatedEvent> notDestroyed(String error) {
    EventWriter out = writer();
    addTeardown(out);
    out.add(
        out.environment("DONE", 0)
            .setTransition(DESTROY)
            .setTransitionStep("after_DESTROY")
            .setTransitionStatus(OpStatus.DONE_ERROR)
            .setMessage("environment teardown finished with error")
            .setError(error));
    return out.events();
  }

  /** Destruction, from any state; none of its environment events has the run number. */
  public List<SimulatedEvent> destroyed() {
    EventWriter out = writer();
    addTeardown(out);
    state = "DONE";
    out.add(step(out, DESTROY, "after_DESTROY", OpStatus.ONGOING, "running DESTROY hooks"));
    out.add(step(out, DESTROY, "after_DESTROY", OpStatus.DONE_OK, "environment teardown complete"));
    return out.events();
  }

  private void addTeardown(EventWriter out) {
    out.add(step(out, DESTROY, "before_DESTROY", OpStatus.STARTED, "workflow teardown started"));
    out.add(step(out, DESTROY, "leave_" + state, OpStatus.ONGOING, "workflow teardown ongoing"));
    if (state.equals("RUNNING")) {
      if (run.end()) {
        out.addRun(state, run.number(), "TEARDOWN", OpStatus.STARTED, "");
      }
      if (run.completeEnd()) {
        out.addRun(state, run.number(), "TEARDOWN", OpStatus.STARTED, "");
      }
    }
    out.add(step(out, DESTROY, DESTROY, OpStatus.ONGOING, "releasing tasks"));
  }

  private List<SimulatedEvent> transition(
      AliEcsTransition transition, long runNumber, FailurePoint failure) {
    if (!transition.leaves(state)) {
      throw new IllegalArgumentException(
          "transition: " + transition + " from " + state + " (expected: a state it leaves)");
    }
    EventWriter out = writer();
    state = new TransitionSteps(out, transition, state, run, failure).write(runNumber);
    return out.events();
  }

  private EventWriter writer() {
    return new EventWriter(environmentId, workflow, clock);
  }

  private EventWriter loading() {
    EventWriter out = writer();
    out.add(step(out, CREATE, "", OpStatus.STARTED, "transition starting"));
    out.add(step(out, CREATE, "before_CREATE", OpStatus.STARTED, "instantiating"));
    out.add(step(out, CREATE, "before_CREATE", OpStatus.ONGOING, "running hooks"));
    out.add(step(out, CREATE, CREATE, OpStatus.ONGOING, "loading workflow"));
    return out;
  }

  private static void addCreationFailed(EventWriter out, String message, String error) {
    out.add(
        out.environment(PENDING, 0)
            .setTransition(CREATE)
            .setTransitionStatus(OpStatus.DONE_ERROR)
            .setMessage("transition error")
            .setError(error));
    out.add(out.environment("ERROR", 0).setMessage(message).setError(error));
  }

  private Ev_EnvironmentEvent.Builder step(
      EventWriter out, String transition, String step, OpStatus status, String message) {
    return out.environment(state, 0)
        .setTransition(transition)
        .setTransitionStep(step)
        .setTransitionStatus(status)
        .setMessage(message);
  }

  private Map<String, String> variables(EnvironmentSetup setup) {
    String detectors =
        setup.detectors().stream()
            .map(name -> '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
            .collect(Collectors.joining(",", "[", "]"));
    return Map.of(
        "environment_id", environmentId,
        "detectors", detectors,
        "run_type", setup.runType(),
        "kafka_enabled", String.valueOf(setup.kafkaEnabled()),
        "enter_state_time_ms", String.valueOf(clock.get().toEpochMilli()));
  }
}
