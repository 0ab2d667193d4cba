package io.aliecs.relay.domain.environment;

import org.jspecify.annotations.Nullable;

/**
 * The run of an environment in RUNNING.
 *
 * @param number 1 to 2<sup>32</sup>−1
 * @param type for example PHYSICS; absent when no event has named it
 * @param endAnnounced whether its EOR is published; there is one EOR a run
 */
public record Run(long number, @Nullable String type, boolean endAnnounced) {
  Run withType(@Nullable String newType) {
    return new Run(number, newType, endAnnounced);
  }

  Run withEndAnnounced() {
    return new Run(number, type, true);
  }
}
