package io.aliecs.relay.text;

import java.net.UnknownHostException;
import java.util.List;

/** A message for people about names that have no address: which, and where they are set. */
public final class UnknownHosts {
  private UnknownHosts() {}

  /**
   * A sentence on names that nobody knows, and what comes next.
   *
   * @param servers as they are set, with their ports
   * @param key where they are set
   */
  public static String sentence(List<String> servers, String key) {
    return String.join(", ", servers)
        + (servers.size() == 1 ? ": no such name" : ": no such names")
        + " (expected: one that this host can look up; it is from "
        + key
        + "); it is looked up again all the time";
  }

  /** Whether that is why something failed. */
  public static boolean areWhy(Throwable failure) {
    return Causes.of(failure).stream().anyMatch(UnknownHostException.class::isInstance);
  }
}
