package io.aliecs.relay.testkit;

/** Another program listens on a port that a service of this package was asked to listen on. */
public final class PortTakenException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public PortTakenException(String host, int port) {
    super(
        "port %d on %s is taken (expected: a free one; stop what listens there or choose another)"
            .formatted(port, host));
  }
}
