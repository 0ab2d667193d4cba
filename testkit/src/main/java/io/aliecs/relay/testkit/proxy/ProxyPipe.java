package io.aliecs.relay.testkit.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a proxied connection: reads, keeps bytes until the wire has carried them,
 * writes. Holds at most {@value #CAPACITY} bytes and what one read brings. For the event loop only.
 */
final class ProxyPipe {
  private static final int CAPACITY = 256 * 1024;

  private record Slice(Buffer bytes, long dueAt) {}

  private final NetSocket source;
  private final NetSocket sink;
  private final Wire.Direction direction;
  private final Wire wire;
  private final Runnable onEnd;
  private final Deque<Slice> waiting = new ArrayDeque<>();
  private int buffered;
  private boolean paused;
  private @Nullable Runnable cancelTimer;
  private boolean ended;

  ProxyPipe(NetSocket source, NetSocket sink, Wire.Direction direction, Wire wire, Runnable onEnd) {
    this.source = source;
    this.sink = sink;
    this.direction = direction;
    this.wire = wire;
    this.onEnd = onEnd;
  }

  void start() {
    source.handler(this::take);
    source.exceptionHandler(reset -> {});
    source.endHandler(
        none -> {
          ended = true;
          pump();
        });
    source.resume();
  }

  /** Writes what is due, unless the wire is held. */
  void pump() {
    if (wire.isHeld()) {
      return;
    }
    for (Slice next = waiting.peek(); next != null; next = waiting.peek()) {
      if (!wire.isClear() && next.dueAt - System.nanoTime() > 0) {
        wakeAt(next.dueAt);
        return;
      }
      waiting.remove();
      write(next.bytes);
    }
    if (cancelTimer != null) {
      cancelTimer.run();
      cancelTimer = null;
    }
    if (ended && buffered == 0) {
      onEnd.run();
    }
  }

  private void take(Buffer bytes) {
    int size = Math.min(bytes.length(), wire.slice());
    for (int from = 0; from < bytes.length(); from += size) {
      Buffer slice = bytes.slice(from, Math.min(from + size, bytes.length()));
      waiting.add(new Slice(slice, wire.arrival(direction, slice.length())));
    }
    buffered += bytes.length();
    if (buffered >= CAPACITY && !paused) {
      paused = true;
      source.pause();
    }
    pump();
  }

  private void write(Buffer bytes) {
    sink.write(bytes)
        .onComplete(
            written -> {
              buffered -= bytes.length();
              if (paused && buffered < CAPACITY / 2) {
                paused = false;
                source.resume();
              }
              if (ended && buffered == 0) {
                pump();
              }
            });
  }

  private void wakeAt(long dueAt) {
    if (cancelTimer == null) {
      cancelTimer =
          wire.at(
              dueAt,
              () -> {
                cancelTimer = null;
                pump();
              });
    }
  }
}
