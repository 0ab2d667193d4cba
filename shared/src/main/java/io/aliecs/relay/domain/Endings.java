package io.aliecs.relay.domain;

import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Ending;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.EnvironmentStateMachine;
import io.aliecs.relay.domain.environment.Outcome;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Environments whose end AliECS has not reported, and what lets it be expected: a core that started
 * without them, a teardown, a detector that another one has now.
 */
record Endings(StateEdit edit) {

  /** Ends an environment whose end AliECS has not reported. */
  void infer(
      Environment environment,
      String eventId,
      long timestamp,
      String reason,
      @Nullable SourcePosition source) {
    EnvironmentEvent event =
        EnvironmentEvent.builder(
                environment.id(),
                EventType.DESTROYED,
                Math.max(timestamp, environment.lastEventAt())) // never before what it did last
            .eventId(eventId)
            .observed(true)
            .source(source)
            .build();
    Outcome outcome = EnvironmentStateMachine.end(environment, event);
    boolean neverPublished =
        edit.epoch == 0 && environment.timeline().stream().allMatch(step -> step.entryId() == 0);
    Environment ended = Objects.requireNonNull(outcome.environment());
    edit.record(ended, event, outcome, neverPublished, reason);
    edit.inferredEnds = edit.inferredEnds.plus(environment.id(), event.timestamp());
  }

  /** Ends one whose end was to be expected, at the time from which on it was. */
  void inferExpected(Environment environment) {
    Ending ending = environment.ending();
    if (ending != null) {
      String eventId = "end:" + ending.cause() + ":" + ending.since();
      infer(environment, eventId, ending.since(), ending.reason(), null);
    }
  }

  /**
   * News of an environment whose end is to be expected, that is no part of that end: it is not.
   *
   * @return whether that was so
   */
  boolean livesOn(@Nullable Environment known, EnvironmentEvent event, Verdict verdict) {
    Ending ending = known == null ? null : known.ending();
    boolean news = verdict.hasEffect() || verdict == Verdict.UNCHANGED;
    if (known == null
        || ending == null
        || !news
        || event.isPartOfEnd()
        || event.timestamp() <= ending.since()) {
      return false;
    }
    edit.environments = edit.environments.plus(known.id(), known.withEnding(null));
    return true;
  }

  /**
   * Finds which ends are to be expected after an event of that environment.
   *
   * @param tracked whether it was there before; one that comes back has its detectors again
   * @return the environments that may end
   */
  Set<String> expectEnds(String id, EnvironmentEvent event, boolean tracked) {
    Environment changed = edit.environments.get(id);
    if (changed == null) {
      return Set.of();
    }
    Set<String> ids = new HashSet<>();
    if (event.type() == EventType.TORN_DOWN) {
      expect(changed, EndCause.TORN_DOWN, EndCause.TORN_DOWN.text(), event.timestamp(), ids);
    } else if (changed.lastEventAt() < edit.coreStartedAt) {
      String reason = EndCause.CORE_RESTARTED.text();
      expect(changed, EndCause.CORE_RESTARTED, reason, edit.coreStartedAt, ids);
    } else if (changed.aliveAt() < edit.lastLoadedAt) { // a late event: its detectors may be gone
      edit.environments.values().forEach(other -> expectTaken(changed, other, ids));
    }
    if (changed.loadedAt() == event.timestamp() || !tracked) {
      edit.lastLoadedAt = Math.max(edit.lastLoadedAt, changed.loadedAt());
      edit.environments.values().forEach(other -> expectTaken(other, changed, ids));
    }
    return ids;
  }

  /** AliECS gives no detector away that a living environment has. */
  private void expectTaken(Environment older, Environment newer, Set<String> ids) {
    if (older.aliveAt() >= newer.loadedAt() || older.id().equals(newer.id())) {
      return;
    }
    older.detectors().stream()
        .filter(newer.detectors()::contains)
        .findFirst()
        .ifPresent(
            detector ->
                expect(
                    older,
                    EndCause.DETECTOR_TAKEN,
                    "detector " + detector + " is now in environment " + newer.id(),
                    newer.loadedAt(),
                    ids));
  }

  private void expect(
      Environment environment, EndCause cause, String reason, long since, Set<String> ids) {
    if (environment.ending() == null) {
      edit.environments =
          edit.environments.plus(
              environment.id(), environment.withEnding(new Ending(cause, reason, since)));
      ids.add(environment.id());
    }
  }
}
