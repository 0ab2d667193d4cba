package io.aliecs.relay.domain.aliecs;

import java.util.Arrays;
import java.util.Optional;

/** The states of an AliECS environment, as named on the wire. */
public enum State {
  STANDBY,
  DEPLOYED,
  CONFIGURED,
  RUNNING,
  ERROR,
  /** Published when an environment is destroyed; no tracked environment is ever in it. */
  UNKNOWN,
  /** The end of every environment; never published. */
  DONE;

  /** True for a state that an environment can stay in. */
  public boolean isLive() {
    return this != UNKNOWN && this != DONE;
  }

  /**
   * The state of that exact name, or empty when there is none (AliECS has others, e.g. PENDING).
   */
  public static Optional<State> named(String name) {
    return Arrays.stream(values()).filter(s -> s.name().equals(name)).findFirst();
  }
}
