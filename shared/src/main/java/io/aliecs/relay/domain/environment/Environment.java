package io.aliecs.relay.domain.environment;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one environment.
 *
 * @param enteredAt when {@code state} was entered, ms since epoch
 * @param run present exactly when {@code state} is RUNNING
 * @param runType the type of its runs; absent when no event has named it
 * @param publish whether its messages go to Kafka; frozen when it became known
 * @param leaving the transition that has announced to leave {@code state}
 * @param announcedRun the run whose start was announced and has not happened yet, 0 for none
 * @param endedRuns the last runs that are over, each number once, in the order of their ends
 * @param workflow name of the workflow it runs; absent when no event has named it
 * @param workflowMeant whether that workflow is one of those that are published; absent when that
 *     is not known
 * @param loadedAt when it was loaded with its detectors, ms since epoch, 0 when that was not seen
 * @param ending the end that is to be expected; absent when there is no sign of one
 * @param changedAt timestamp of the last event that had an effect, ms since epoch
 * @param latest the newest event that is known of it; it may only have confirmed what was known
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
    List<EndedRun> endedRuns,
    @Nullable String workflow,
    @Nullable Boolean workflowMeant,
    long loadedAt,
    @Nullable Ending ending,
    long changedAt,
    LatestEvent latest,
    Timeline timeline) {

  /** The number of runs that are known to be over. */
  public static final int ENDED_RUNS_LIMIT = 8;

  public Environment {
    detectors = List.copyOf(detectors);
    endedRuns = List.copyOf(endedRuns);
  }

  /** Its entry in the list of active runs, or null when it has no active run. */
  public @Nullable EnvironmentInfo activeRun() {
    return run == null
        ? null
        : new EnvironmentInfo(id, run.number(), run.type(), state, detectors, enteredAt).listed();
  }

  /** When its last event happened, whether or not that changed something; ms since epoch. */
  public long lastEventAt() {
    return Math.max(changedAt, latest.timestamp());
  }

  /**
   * When it is known to have been alive, ms since epoch: an event of one on its way out does not
   * say that it still has its detectors.
   */
  public long aliveAt() {
    return leaving != null && leaving.isForGood() ? enteredAt : lastEventAt();
  }

  /** Number of the run that ended last, 0 for none. */
  public long lastRun() {
    return endedRuns.isEmpty() ? 0 : endedRuns.get(endedRuns.size() - 1).number();
  }

  /** When that run ended, or null when it is not known to be over. */
  @Nullable EndedRun endOf(long runNumber) {
    return endedRuns.stream().filter(run -> run.number() == runNumber).findFirst().orElse(null);
  }

  /** Whether it was published that this run is about to start; not one that is over by now. */
  boolean isAnnounced(long runNumber) {
    return runNumber == announcedRun
        || (endOf(runNumber) == null
            && timeline.stream().anyMatch(step -> step.announces(runNumber)));
  }

  /** True when that event is in the timeline. */
  public boolean knows(String eventId) {
    return timeline.knows(eventId);
  }

  /** The same, confirmed by an event with no news. */
  Environment confirmedBy(EnvironmentEvent event) {
    return event.source() == null || latest.isAfter(event)
        ? this // only an event of the stream shows how far that partition has come
        : with(ending, LatestEvent.of(event), timeline);
  }

  /** What is in the timeline and was not before; all of it of one that was not known. */
  public List<TimelineEntry> stepsSince(@Nullable Environment before) {
    int known = before == null ? 0 : before.timeline.size();
    int last =
        before == null || known == 0 ? -1 : timeline.lastIndexOf(before.timeline.get(known - 1));
    return timeline.subList(last + 1, timeline.size());
  }

  /**
   * The same with one more entry of its timeline, of which the last {@link Timeline#LIMIT} are
   * kept.
   */
  public Environment withStep(TimelineEntry step) {
    return with(ending, latest, timeline.plus(step));
  }

  /** The same with what lets its end be expected, or null when nothing does any more. */
  public Environment withEnding(@Nullable Ending newEnding) {
    return with(newEnding, latest, timeline);
  }

  private Environment with(
      @Nullable Ending newEnding, LatestEvent newLatest, Timeline newTimeline) {
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
        endedRuns,
        workflow,
        workflowMeant,
        loadedAt,
        newEnding,
        changedAt,
        newLatest,
        newTimeline);
  }
}
