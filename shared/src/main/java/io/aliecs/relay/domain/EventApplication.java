package io.aliecs.relay.domain;

import io.aliecs.relay.domain.RelayState.Applied;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.EnvironmentStateMachine;
import io.aliecs.relay.domain.environment.Outcome;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One event of an environment on its way into the state. */
record EventApplication(RelayState state, StateEdit edit, EnvironmentEvent event) {

  Applied applied() {
    SourcePosition source = event.source();
    if (state.isApplied(source)) {
      return new Applied(state, Verdict.DUPLICATE, "record applied before", Set.of());
    }
    edit.advancePast(source);
    Environment known = state.find(event.environmentId());
    Long inferredEnd = state.inferredEnds().get(event.environmentId());
    if (inferredEnd != null) {
      return afterInferredEnd(inferredEnd, known);
    }
    String endingEventId = known == null ? state.endedBy().get(event.environmentId()) : null;
    if (endingEventId != null) {
      return afterEnd(endingEventId);
    }
    Outcome outcome =
        EnvironmentStateMachine.apply(known, event, state.settings().publishNewEnvironments());
    return follow(known, outcome);
  }

  private Applied follow(@Nullable Environment known, Outcome outcome) {
    Environment changed = outcome.environment();
    if (changed == null || !outcome.verdict().hasEffect()) {
      if (known == null && event.reportsEnd()) { // AliECS may still speak of it after its end
        edit.rememberEnd(event.environmentId(), event.eventId());
      }
      if (changed != null && known != null && !changed.latest().equals(known.latest())) {
        edit.environments = edit.environments.plus(changed.id(), changed);
      }
      Set<String> ids = new HashSet<>();
      if (endings().livesOn(changed, event, outcome.verdict())) {
        ids.add(event.environmentId());
        // There may be another sign of its end.
        ids.addAll(endings().expectEnds(event.environmentId(), event, true));
      }
      return new Applied(edit.done(), outcome.verdict(), outcome.reason(), ids);
    }
    String reason = event.type() == EventType.TORN_DOWN ? EndCause.TORN_DOWN.text() : "";
    edit.record(changed, event, outcome, state.isHistory(event.source()), reason);
    endings().livesOn(edit.environments.get(changed.id()), event, outcome.verdict());
    Set<String> ids = new HashSet<>(Set.of(changed.id()));
    if (event.observed() && edit.by >= Rules.ENDS) {
      boolean tracked = state.environments().containsKey(changed.id());
      ids.addAll(endings().expectEnds(changed.id(), event, tracked));
    }
    return new Applied(edit.done(), outcome.verdict(), outcome.reason(), ids);
  }

  /** An event for an environment that was taken to be gone: AliECS knows better. */
  private Applied afterInferredEnd(long endedAt, @Nullable Environment ended) {
    String id = event.environmentId();
    if (event.reportsEnd()) {
      edit.confirmEnd(id, event.eventId());
      return new Applied(edit.done(), Verdict.UNCHANGED, "the environment has ended", Set.of());
    }
    boolean later = event.timestamp() > endedAt && !event.isPartOfEnd();
    if (!later) {
      return afterEnd(state.endedBy().getOrDefault(id, ""));
    }
    Outcome outcome =
        ended == null
            ? EnvironmentStateMachine.apply(null, event, state.settings().publishNewEnvironments())
            : EnvironmentStateMachine.comeBack(ended, event);
    if (outcome.verdict().hasEffect()) {
      edit.forgetEnd(id);
    }
    return follow(ended, outcome);
  }

  /** An event for an environment that has ended and of which no more is known than by what. */
  private Applied afterEnd(String endingEventId) {
    if (event.eventId().equals(endingEventId)) {
      return new Applied(edit.done(), Verdict.DUPLICATE, "applied before", Set.of());
    }
    Verdict verdict = event.observed() ? Verdict.STALE : Verdict.REFUSED;
    return new Applied(edit.done(), verdict, "the environment has ended", Set.of());
  }

  private Endings endings() {
    return new Endings(edit);
  }
}
