package io.aliecs.relay.lab.simulate;

import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;

/** The environments that a simulated AliECS core has; told before the event stream. */
public interface CoreMemory {
  /** Nobody remembers. */
  CoreMemory NONE =
      new CoreMemory() {
        @Override
        public void put(EnvironmentSetup setup, String state, long runNumber, String transition) {}

        @Override
        public void remove(String environmentId) {}

        @Override
        public void clear() {}
      };

  /**
   * It has that environment.
   *
   * @param runNumber 0 when it has no run
   * @param transition the one that is under way, empty when there is none
   */
  void put(EnvironmentSetup setup, String state, long runNumber, String transition);

  /** It does not have that environment any more. */
  void remove(String environmentId);

  /** It has just started and has none. */
  void clear();
}
