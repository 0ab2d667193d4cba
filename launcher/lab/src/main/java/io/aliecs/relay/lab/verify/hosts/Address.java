package io.aliecs.relay.lab.verify.hosts;

import java.util.List;

/**
 * Where a control host runs.
 *
 * @param hosts address at which the other hosts reach it
 * @param watch address of its HTTP interface, its health and metrics
 * @param command what comes before its own command line
 */
public record Address(String hosts, String watch, List<String> command) {
  /** Beside everything else. */
  static final Address LOOPBACK = new Address("127.0.0.1", "127.0.0.1", List.of());

  public Address {
    command = List.copyOf(command);
  }

  boolean isLoopback() {
    return command.isEmpty();
  }
}
