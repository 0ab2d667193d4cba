package io.aliecs.relay.domain.aliecs;

import static io.aliecs.relay.domain.aliecs.State.CONFIGURED;
import static io.aliecs.relay.domain.aliecs.State.DEPLOYED;
import static io.aliecs.relay.domain.aliecs.State.DONE;
import static io.aliecs.relay.domain.aliecs.State.ERROR;
import static io.aliecs.relay.domain.aliecs.State.RUNNING;
import static io.aliecs.relay.domain.aliecs.State.STANDBY;
import static io.aliecs.relay.domain.aliecs.State.UNKNOWN;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The transitions of an AliECS environment: where each may start and where it ends. */
public enum Transition {
  DEPLOY(Set.of(STANDBY), DEPLOYED),
  CONFIGURE(Set.of(DEPLOYED), CONFIGURED),
  START_ACTIVITY(Set.of(CONFIGURED), RUNNING),
  STOP_ACTIVITY(Set.of(RUNNING), CONFIGURED),
  RESET(Set.of(CONFIGURED), DEPLOYED),
  RECOVER(Set.of(ERROR), DEPLOYED),
  GO_ERROR(Set.of(STANDBY, DEPLOYED, CONFIGURED, RUNNING), ERROR),
  EXIT(Set.of(STANDBY, DEPLOYED, CONFIGURED), DONE),
  DESTROY(Set.of(STANDBY, DEPLOYED, CONFIGURED, RUNNING, ERROR), UNKNOWN);

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
  private final Set<State> sources;

  private final State destination;

  Transition(Set<State> sources, State destination) {
    this.sources = sources;
    this.destination = destination;
  }

  /** True when an environment in that state can make this transition. */
  public boolean startsFrom(State state) {
    return sources.contains(state);
  }

  /** The states this transition can start from. */
  public Set<State> sources() {
    return sources;
  }

  public State destination() {
    return destination;
  }

  /** Whether the environment is gone behind it. */
  public boolean isForGood() {
    return this == DESTROY || this == EXIT;
  }

  /** The transition of that exact name, or empty when there is none. */
  public static Optional<Transition> named(String name) {
    return Arrays.stream(values()).filter(t -> t.name().equals(name)).findFirst();
  }
}
