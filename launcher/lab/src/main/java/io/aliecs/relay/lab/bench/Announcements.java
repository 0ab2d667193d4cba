package io.aliecs.relay.lab.bench;

import io.aliecs.relay.domain.message.PublishingSettings;

/**
 * When each numbered setting, or a newer one, was announced. The number is in the name of its only
 * broker. Thread-safe.
 */
final class Announcements {
  private final long[] nanos;
  private int newest;

  Announcements(int most) {
    nanos = new long[most + 1];
  }

  static String broker(int number) {
    return "b" + number + ":9092";
  }

  synchronized void add(PublishingSettings settings, long now) {
    String broker = settings.bootstrapServers().get(0);
    int number = Integer.parseInt(broker.substring(1, broker.indexOf(':')));
    while (newest < number) {
      newest++;
      nanos[newest] = now;
    }
    notifyAll();
  }

  /** Waits until that one was announced, or a newer one. */
  synchronized void await(int number, long patienceNanos) throws InterruptedException {
    long end = System.nanoTime() + patienceNanos;
    while (newest < number) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IllegalStateException(
            "change " + number + " is not in force (newest: " + newest + ")");
      }
      wait(left);
    }
  }

  /** {@link System#nanoTime} at its announcement. */
  synchronized long when(int number) {
    return nanos[number];
  }
}
