package io.aliecs.relay.lab.simulate.events;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A scripted life of one environment as the events that AliECS writes about it, step by step: each
 * {@link #next()} is one step, its events stamped at that moment.
 *
 * <p>Pure but for the clock and the run numbers it is given. For one thread at a time.
 */
public final class EnvironmentLife implements Iterator<List<SimulatedEvent>> {
  private static final String LOAD_ERROR = "cannot load workflow template: no such file";
  private static final String DEPLOY_ERROR = "deployment or configuration failed";
  private static final String RELEASE_ERROR = "1 tasks failed to release";
  private static final String CRITICAL_ERROR = "critical task went into ERROR";

  private final EnvironmentSetup setup;
  private final Iterator<LifeStep> steps;
  private final LongSupplier runNumbers;
  private final AliEcsEvents events;

  /**
   * A life of {@code steps}.
   *
   * @param clock read once for each event
   * @param runNumbers asked once for each START_ACTIVITY, 1 to 2³²−1
   */
  public EnvironmentLife(
      EnvironmentSetup setup,
      List<LifeStep> steps,
      Supplier<Instant> clock,
      LongSupplier runNumbers) {
    this.setup = setup;
    this.steps = List.copyOf(steps).iterator();
    this.runNumbers = runNumbers;
    this.events = AliEcsEvents.of(setup.environmentId(), setup.workflow(), clock);
  }

  /** What it was created with. */
  public EnvironmentSetup setup() {
    return setup;
  }

  /** The state it is in after the last step. */
  public String state() {
    return events.state();
  }

  /** Its run number after the last step; 0 when it has none. */
  public long runNumber() {
    return events.runNumber();
  }

  @Override
  public boolean hasNext() {
    return steps.hasNext();
  }

  /**
   * The events of the next step.
   *
   * @throws NoSuchElementException when the life is over
   * @throws IllegalArgumentException when the step cannot be made from the present state
   */
  @Override
  public List<SimulatedEvent> next() {
    LifeStep step = steps.next();
    if (step instanceof LifeStep.Create) {
      return events.created(setup);
    } else if (step instanceof LifeStep.Announce) {
      return events.announced();
    } else if (step instanceof LifeStep.NotCreated failed) {
      return events.notCreated(failed.message(), LOAD_ERROR);
    } else if (step instanceof LifeStep.CreationFailed failed) {
      return events.creationFailed(failed.message(), DEPLOY_ERROR);
    } else if (step instanceof LifeStep.NotDestroyed) {
      return events.notDestroyed(RELEASE_ERROR);
    } else if (step instanceof LifeStep.Move move) {
      return move(move);
    } else if (step instanceof LifeStep.GoError goError) {
      return goError(goError);
    } else {
      return events.destroyed();
    }
  }

  /** The events of all steps that are left. */
  public List<SimulatedEvent> rest() {
    List<SimulatedEvent> all = new ArrayList<>();
    forEachRemaining(all::addAll);
    return List.copyOf(all);
  }

  private List<SimulatedEvent> move(LifeStep.Move move) {
    return move.transition() == AliEcsTransition.START_ACTIVITY
        ? events.startActivity(runNumbers.getAsLong(), move.failure())
        : events.transition(move.transition(), move.failure());
  }

  private List<SimulatedEvent> goError(LifeStep.GoError goError) {
    List<SimulatedEvent> all = new ArrayList<>();
    if (goError.announced()) {
      all.addAll(events.goErrorImminent(CRITICAL_ERROR));
    }
    all.addAll(events.transition(AliEcsTransition.GO_ERROR, FailurePoint.NONE));
    return List.copyOf(all);
  }
}
