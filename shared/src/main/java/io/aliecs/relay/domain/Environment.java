package io.aliecs.relay.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.PVector;

/**
 * All that is known of one environment.
 *
 * @param enteredAt when {@code state} was entered, ms since epoch
 * @param run present exactly when {@code state} is RUNNING
 * @param runType the type its runs have; absent when it was never told
 * @param publish whether its messages go to Kafka; frozen when it became known
 * @param leaving the transition that has announced to leave {@code state}
 * @param announcedRun the run whose start was announced and has not happened yet, 0 for none
 * @param lastRun highest number of a run that is over, 0 for none
 * @param workflow name of the workflow it runs; absent when it was never said
 * @param workflowMeant whether that workflow is one of those that are published; absent when it was
 *     never said
 * @param loadedAt when it was loaded with its detectors, ms since epoch, 0 when that was not seen
 * @param ending the end that is to be expected; absent when there is no sign of one
 * @param changedAt timestamp of the last event that had an effect, ms since epoch
 * @param timeline the last steps, oldest first
 */
public record Environment(
    String id,
    State state,
    long enteredAt,
    @Nullable Run run,
    @Nullable String runType,
    List<String> detectors,
    boolean publish,
    @Nullable Transition leaving,
    long announcedRun,
    long lastRun,
    @Nullable String workflow,
    @Nullable Boolean workflowMeant,
    long loadedAt,
    @Nullable Ending ending,
    long changedAt,
    PVector<Step> timeline) {

  /** The number of steps kept, and with them of event ids that are known again. */
  public static final int TIMELINE_LIMIT = 64;

  public Environment {
    detectors = List.copyOf(detectors);
  }

  /** What the list of active runs says of it, or null when it has no active run. */
  public @Nullable EnvironmentInfo activeRun() {
    return run == null
        ? null
        : new EnvironmentInfo(id, run.number(), run.type(), state, detectors, enteredAt).listed();
  }

  /** True when that event is in the timeline. */
  public boolean knows(String eventId) {
    for (int i = timeline.size() - 1; i >= 0; i--) {
      if (timeline.get(i).eventId().equals(eventId)) {
        return true;
      }
    }
    return false;
  }

  Environment withStep(Step step) {
    PVector<Step> steps = timeline.plus(step);
    while (steps.size() > TIMELINE_LIMIT) {
      steps = steps.minus(0);
    }
    return with(ending, steps);
  }

  Environment withEnding(@Nullable Ending newEnding) {
    return with(newEnding, timeline);
  }

  private Environment with(@Nullable Ending newEnding, PVector<Step> steps) {
    return new Environment(
        id,
        state,
        enteredAt,
        run,
        runType,
        detectors,
        publish,
        leaving,
        announcedRun,
        lastRun,
        workflow,
        workflowMeant,
        loadedAt,
        newEnding,
        changedAt,
        steps);
  }
}
