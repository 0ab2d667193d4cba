package io.aliecs.relay.lab.simulate.events;

/**
 * What AliECS remembers of an environment's run: its number, and whether the start and the
 * completion of its end have been told on the run topic. Before the first run there is nothing to
 * tell.
 */
final class RunMarks {
  private long number;
  private boolean endOpen;
  private boolean completionOpen;

  /** The run number; 0 when there is none. */
  long number() {
    return number;
  }

  void start(long runNumber) {
    number = runNumber;
    endOpen = true;
    completionOpen = true;
  }

  /** Marks the run as ending; true when this is the first time. */
  boolean end() {
    boolean first = endOpen;
    endOpen = false;
    return first;
  }

  /** Marks the end of the run as complete; true when this is the first time. */
  boolean completeEnd() {
    boolean first = completionOpen;
    completionOpen = false;
    return first;
  }

  /** Forgets the run number. */
  void forget() {
    number = 0;
  }
}
