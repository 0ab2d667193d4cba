package io.aliecs.relay.domain.environment;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.OutboxMessage.Notification;
import io.aliecs.relay.domain.message.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An environment while one event is applied to it: collects the messages in their order. Lives for
 * one call on one thread.
 */
final class EnvironmentChange {
  private final EnvironmentEvent event;
  private final String id;
  private final boolean publish;
  private final List<String> detectors;
  private final @Nullable String runType;
  private final @Nullable Environment known;
  private long changedAt;
  private LatestEvent latest;
  private final List<OutboxMessage> messages = new ArrayList<>();

  /** Null until an environment that was not known has entered its first state. */
  private @Nullable State state;

  private long enteredAt;
  private @Nullable Run run;
  private @Nullable Transition leaving;
  private long announcedRun;
  private List<EndedRun> endedRuns = List.of();
  private String reason = "";
  private @Nullable String workflow;
  private @Nullable Boolean workflowMeant;
  private long loadedAt;

  private EnvironmentChange(EnvironmentEvent event, @Nullable Environment known, boolean publish) {
    this.event = event;
    this.id = event.environmentId();
    this.known = known;
    changedAt = event.timestamp();
    latest = known == null ? LatestEvent.of(event) : known.latest();
    List<String> given = event.detectors();
    workflow = event.workflow();
    workflowMeant = event.workflowMeant();
    loadedAt = loads(event) ? event.timestamp() : 0;
    if (known != null && (known.workflowMeant() != null || workflow == null)) {
      workflow = known.workflow();
      workflowMeant = known.workflowMeant() == null ? workflowMeant : known.workflowMeant();
    }
    this.publish = publish && !(isMeantNot(workflowMeant) && isOpen(known));
    if (known == null) {
      detectors = given == null ? List.of() : given;
      runType = event.runType();
      enteredAt = event.timestamp();
      return;
    }
    detectors = given == null ? known.detectors() : given;
    runType = event.runType() == null ? known.runType() : event.runType();
    state = known.state();
    enteredAt = known.enteredAt();
    run = known.run();
    leaving = known.leaving();
    announcedRun = known.announcedRun();
    endedRuns = known.endedRuns();
    loadedAt = Math.max(loadedAt, known.loadedAt());
  }

  /** The one event by which AliECS reports that an environment was made, of these detectors. */
  private static boolean loads(EnvironmentEvent event) {
    return event.observed() && event.type() == EventType.CREATED && givesDetectors(event);
  }

  static boolean givesDetectors(EnvironmentEvent event) {
    return event.detectors() != null && !event.detectors().isEmpty();
  }

  private static boolean isMeantNot(@Nullable Boolean meant) {
    return Boolean.FALSE.equals(meant);
  }

  /** Whether readers know of no run of it, so that it may still be published or not. */
  private static boolean isOpen(@Nullable Environment known) {
    return known == null || (known.run() == null && known.announcedRun() == 0);
  }

  /** Whether the event is the first to name what an environment runs. */
  static boolean namesWorkflow(Environment environment, EnvironmentEvent event) {
    return environment.workflowMeant() == null && event.workflowMeant() != null;
  }

  static EnvironmentChange meeting(EnvironmentEvent event, boolean publishByDefault) {
    Boolean own = event.kafkaEnabled();
    return new EnvironmentChange(event, null, own == null ? publishByDefault : own);
  }

  /**
   * An environment that was taken to be gone is back. All that is known of it stays, but what it
   * does now is new to readers: its end was published.
   */
  static EnvironmentChange returning(Environment ended, EnvironmentEvent event) {
    EnvironmentChange change = new EnvironmentChange(event, ended, ended.publish());
    change.state = null;
    change.enteredAt = event.timestamp();
    change.leaving = null;
    Long run = event.runNumber();
    change.announcedRun = 0;
    if (run != null && run == ended.lastRun()) { // it had been announced, and goes on
      change.announcedRun = run;
      change.endedRuns = ended.endedRuns().subList(0, ended.endedRuns().size() - 1);
    }
    return change;
  }

  static EnvironmentChange changing(Environment environment, EnvironmentEvent event) {
    return new EnvironmentChange(event, environment, environment.publish());
  }

  /** The creation of an environment that was adopted comes late, with what it is made of. */
  static EnvironmentChange completing(Environment environment, EnvironmentEvent event) {
    boolean published = correctsPublishing(environment, event) != environment.publish();
    EnvironmentChange change = new EnvironmentChange(event, environment, published);
    change.changedAt = environment.changedAt();
    change.latest = environment.confirmedBy(event).latest();
    if (change.run != null) {
      change.run = change.run.withType(change.runType);
      change.messages.add(change.list(true));
    }
    return change;
  }

  /** What it runs was not known, and nothing else is news. */
  static EnvironmentChange learningWorkflow(Environment environment, EnvironmentEvent event) {
    EnvironmentChange change = changing(environment, event);
    change.changedAt = Math.max(environment.changedAt(), event.timestamp());
    return change;
  }

  /**
   * Whether a late creation differs from the default that an adopted environment was given. Not
   * while a run is on: its start is published by now, or is not, and so its end has to be.
   */
  static boolean correctsPublishing(Environment environment, EnvironmentEvent event) {
    Boolean own = event.kafkaEnabled();
    return own != null
        && own != environment.publish()
        && environment.run() == null
        && !isMeantNot(environment.workflowMeant());
  }

  /** Whether the event announces a run that has not started. */
  boolean announces() {
    return event.transition() == Transition.START_ACTIVITY
        && event.runNumber() != null
        && state == State.CONFIGURED;
  }

  /** Announcing a run reveals nothing of what else has happened, so it may come before that. */
  EnvironmentChange announceRun() {
    announce(runNumber());
    return this;
  }

  private void announce(long number) {
    announcedRun = number;
    noteIfLower(number);
    long configuredAt = state == State.CONFIGURED ? enteredAt : entryTime();
    messages.add(
        new Notification(
            Topics.BEFORE_START,
            new EnvironmentInfo(id, number, runType, State.CONFIGURED, detectors, configuredAt)));
  }

  private void noteIfLower(long number) {
    long highest = run == null ? 0 : run.number();
    for (EndedRun ended : endedRuns) {
      highest = Math.max(highest, ended.number());
    }
    if (number < highest) {
      reason = "runNumber: " + number + " (expected: above " + highest + ", a run before it)";
    }
  }

  private boolean isAnnounced(long number) {
    return number == announcedRun || (known != null && known.isAnnounced(number));
  }

  /**
   * Publishes that the state is about to be left; the end of a run only once, and the start of one
   * never before it was announced.
   */
  EnvironmentChange leave(@Nullable Transition transition) {
    latest = LatestEvent.of(event);
    if (announces() && !isAnnounced(runNumber())) {
      announceRun();
    }
    State left = current();
    if (run == null) {
      messages.add(new Notification(Topics.leaving(left), info(left)));
    } else if (!run.endAnnounced()) {
      messages.add(new Notification(Topics.leaving(left), info(left)));
      run = run.withEndAnnounced();
    }
    leaving = transition;
    return this;
  }

  /** Enters a state; what should have been published before comes first. */
  EnvironmentChange enter(State next) {
    latest = LatestEvent.of(event);
    if (run != null) {
      leaveUnlessLeft();
    }
    long number = next == State.RUNNING ? runNumber() : 0;
    if (number != 0 && !isAnnounced(number)) {
      announce(number);
    }
    leaveUnlessLeft();
    boolean wasActive = closeRun();
    state = next;
    enteredAt = entryTime();
    leaving = null;
    announcedRun = 0;
    if (next == State.RUNNING) {
      run = new Run(number, runType, false);
    }
    messages.add(new Notification(Topics.entered(next), info(next)));
    messages.add(list(wasActive));
    return this;
  }

  /** The transition failed; with START_ACTIVITY the run that was announced does not happen. */
  EnvironmentChange fail() {
    latest = LatestEvent.of(event);
    leaving = null;
    boolean start = event.transition() == null || event.transition() == Transition.START_ACTIVITY;
    long number = runNumber();
    if (start && run == null && number != 0) {
      rememberEnd(number);
      announcedRun = announcedRun == number ? 0 : announcedRun;
    }
    return this;
  }

  /**
   * The end: by EXIT the list alone is published, by DESTROY also UNKNOWN, with the time of the
   * state that was left.
   *
   * @param last DONE or UNKNOWN
   */
  EnvironmentChange end(State last) {
    latest = LatestEvent.of(event);
    leaveUnlessLeft();
    boolean wasActive = closeRun();
    state = last;
    if (last == State.UNKNOWN) {
      messages.add(new Notification(Topics.entered(last), info(last)));
    }
    messages.add(list(wasActive));
    return this;
  }

  Outcome done(Verdict verdict) {
    Environment environment =
        new Environment(
            id,
            current(),
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
            known == null ? null : known.ending(),
            changedAt,
            latest,
            known == null ? Timeline.EMPTY : known.timeline());
    return new Outcome(verdict, environment, messages, reason);
  }

  private void leaveUnlessLeft() {
    boolean left = state == null || (run == null ? leaving != null : run.endAnnounced());
    if (!left) {
      leave(event.transition());
    }
  }

  /** Returns whether there was a run. */
  private boolean closeRun() {
    if (run == null) {
      return false;
    }
    rememberEnd(run.number());
    run = null;
    return true;
  }

  private void rememberEnd(long number) {
    List<EndedRun> ended = new ArrayList<>(endedRuns);
    ended.removeIf(one -> one.number() == number);
    ended.add(new EndedRun(number, event.timestamp()));
    int over = ended.size() - Environment.ENDED_RUNS_LIMIT;
    endedRuns = List.copyOf(over > 0 ? ended.subList(over, ended.size()) : ended);
  }

  private ActiveRuns list(boolean wasActive) {
    if (run != null) {
      return new ActiveRuns(info(State.RUNNING).listed(), null);
    }
    return wasActive ? new ActiveRuns(null, id) : ActiveRuns.UNCHANGED;
  }

  private EnvironmentInfo info(State shown) {
    return run == null || shown != State.RUNNING
        ? new EnvironmentInfo(id, null, null, shown, detectors, enteredAt)
        : new EnvironmentInfo(id, run.number(), run.type(), shown, detectors, enteredAt);
  }

  private long entryTime() {
    return event.enteredAt() == null ? event.timestamp() : event.enteredAt();
  }

  private long runNumber() {
    Long given = event.runNumber();
    return given == null ? announcedRun : given;
  }

  private State current() {
    return Objects.requireNonNull(state, "no state yet: enter one first");
  }
}
