package io.aliecs.relay.lab.verify.expected;

import java.util.Map;
import java.util.Set;

/**
 * What the relay was asked to publish once more.
 *
 * @param asked the environment of each request by the request's id, empty for the list; not of what
 *     was refused at once
 * @param taken the ids of those that are safe, as the relay has said
 */
public record ExpectedRepeats(Map<String, String> asked, Set<String> taken) {
  /** Nobody asks for anything. */
  public static final ExpectedRepeats NONE = new ExpectedRepeats(Map.of(), Set.of());

  public ExpectedRepeats {
    asked = Map.copyOf(asked);
    taken = Set.copyOf(taken);
  }
}
