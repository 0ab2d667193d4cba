package io.aliecs.relay.host.check.station;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Whether an address has an end that listens.
 *
 * @param address as {@code host:port}
 * @param outcome what came of it
 * @param why it is not reached, in Java's words; empty when it is
 */
record Reach(String address, Outcome outcome, String why) {
  private static final int CONNECT_MS = 2_000;

  /** Name services have time-outs of their own, which are long. */
  private static final long LONGEST_MS = 3_000;

  enum Outcome {
    REACHED,
    NO_SUCH_NAME,
    NO_CONNECTION
  }

  /** Tries all at once; ends within {@link #LONGEST_MS}. */
  static List<Reach> of(List<String> addresses, Executor threads) {
    List<CompletableFuture<Reach>> tried =
        addresses.stream()
            .map(
                address ->
                    CompletableFuture.supplyAsync(() -> of(address), threads)
                        .completeOnTimeout(
                            new Reach(
                                address, Outcome.NO_SUCH_NAME, "no answer of the name service"),
                            LONGEST_MS,
                            TimeUnit.MILLISECONDS))
            .toList();
    return tried.stream().map(CompletableFuture::join).toList();
  }

  boolean isReached() {
    return outcome == Outcome.REACHED;
  }

  private static Reach of(String address) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replace("[", "").replace("]", "");
    try (Socket socket = new Socket()) {
      InetAddress resolved = InetAddress.getByName(host);
      int port = Integer.parseInt(address.substring(colon + 1));
      socket.connect(new InetSocketAddress(resolved, port), CONNECT_MS);
      return new Reach(address, Outcome.REACHED, "");
    } catch (UnknownHostException e) {
      return new Reach(address, Outcome.NO_SUCH_NAME, "no such name");
    } catch (IOException e) {
      return new Reach(address, Outcome.NO_CONNECTION, String.valueOf(e.getMessage()));
    }
  }
}
