package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.expected.ExpectedLoad;

/**
 * Something that is not as the contract says.
 *
 * @param isolation which reader sees it
 * @param environmentId whose, empty when it concerns none
 * @param text what was expected and what was found
 */
public record Discrepancy(Kind kind, Isolation isolation, String environmentId, String text) {

  /** What is wrong. */
  public enum Kind {
    /** A message that must be there is not. */
    LOST,
    /** A message is there more than once. */
    DOUBLED,
    /** Messages of one environment, or of one partition, in the wrong order. */
    REORDERED,
    /** A message that nothing that happened explains. */
    INVENTED,
    /** A message that must not be published, or of a publisher that was replaced. */
    GHOST,
    /** A list in which an active run is missing, that has one that is over, or that goes back. */
    LIST
  }

  /** How the records were read. */
  public enum Isolation {
    READ_COMMITTED,
    READ_UNCOMMITTED;

    /** Whether it sees what was aborted and sent once more. */
    boolean allowsRepeats(ExpectedLoad load) {
      return this == READ_UNCOMMITTED && load.repeatsAllowed();
    }
  }
}
