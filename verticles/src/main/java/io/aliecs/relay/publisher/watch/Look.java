package io.aliecs.relay.publisher.watch;

import java.util.Set;

/**
 * What a look at the brokers has found.
 *
 * @param remade whether a topic is not there any more, or is another one than it was
 * @param strangers who has written since the look before
 * @param listIsForeign whether the last list of active runs is of somebody who is no relay: readers
 *     take it for the truth
 */
public record Look(boolean remade, Set<Stranger> strangers, boolean listIsForeign) {
  /** Nobody looks any more. */
  static final Look NOTHING = new Look(false, Set.of(), false);

  public Look {
    strangers = Set.copyOf(strangers);
  }
}
