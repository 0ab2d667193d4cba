package io.aliecs.relay.lab.simulate.events;

/** The transitions of AliECS's state machine, but for creation and destruction. */
public enum AliEcsTransition {
  DEPLOY("DEPLOYED"),
  CONFIGURE("CONFIGURED"),
  RESET("DEPLOYED"),
  START_ACTIVITY("RUNNING"),
  STOP_ACTIVITY("CONFIGURED"),
  EXIT("DONE"),
  GO_ERROR("ERROR"),
  RECOVER("DEPLOYED");

  private final String destination;

  AliEcsTransition(String destination) {
    this.destination = destination;
  }

  /** The state it leads to. */
  public String destination() {
    return destination;
  }

  /** Whether it can be made from {@code state}. */
  public boolean leaves(String state) {
    return switch (this) {
      case DEPLOY -> state.equals("STANDBY");
      case CONFIGURE -> state.equals("DEPLOYED");
      case RESET, START_ACTIVITY -> state.equals("CONFIGURED");
      case STOP_ACTIVITY -> state.equals("RUNNING");
      case RECOVER -> state.equals("ERROR");
      case EXIT -> isIdle(state);
      case GO_ERROR -> state.equals("RUNNING") || isIdle(state);
    };
  }

  private static boolean isIdle(String state) {
    return state.equals("STANDBY") || state.equals("DEPLOYED") || state.equals("CONFIGURED");
  }
}
