package io.aliecs.relay.web.http;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * The address of one end of a connection.
 *
 * @param digits as they are written, not a name
 */
public record IpAddress(String digits) {
  /** None that is loopback when there is none. */
  public static IpAddress of(@Nullable SocketAddress end) {
    String digits = end == null ? null : end.hostAddress();
    return new IpAddress(digits == null ? "0.0.0.0" : digits);
  }

  /** Whether it is one of this machine alone. */
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(digits).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
