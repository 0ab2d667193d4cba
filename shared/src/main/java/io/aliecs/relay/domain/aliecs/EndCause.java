package io.aliecs.relay.domain.aliecs;

/** Why an environment is taken to be gone although AliECS has not reported it. */
public enum EndCause {
  /** A core of AliECS has started since its last event: environments live in its memory. */
  CORE_RESTARTED("core restarted"),
  /** The core, asked for all that it has, does not have it. */
  UNKNOWN_TO_CORE("the core does not know it"),
  /** A detector of it is in an environment that was loaded later. */
  DETECTOR_TAKEN("a detector of it is in another environment"),
  /** AliECS has begun to tear it down, and no end came. */
  TORN_DOWN("torn down"),
  /** A person has ended it. */
  FORGOTTEN("forgotten");

  private final String text;

  EndCause(String text) {
    this.text = text;
  }

  /** The reason for people where nothing more exact is known. */
  public String text() {
    return text;
  }
}
