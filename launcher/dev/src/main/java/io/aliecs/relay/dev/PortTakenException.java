package io.aliecs.relay.dev;

/** Another program listens on a port that a service of this package was asked to listen on. */
public final class PortTakenException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  PortTakenException(int port) {
    super(
        "port "
            + port
            + " on 127.0.0.1 is taken (expected: a free one; stop what listens there or"
            + " choose another)");
  }
}
