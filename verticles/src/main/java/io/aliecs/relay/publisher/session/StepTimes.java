package io.aliecs.relay.publisher.session;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** How long the steps of a take-over took, in their order. For one thread at a time. */
public final class StepTimes {
  private final Map<String, Duration> took = new LinkedHashMap<>();
  private long since = System.nanoTime();

  /** A step is done, and the next one begins. */
  public void done(String step) {
    long now = System.nanoTime();
    took.merge(step, Duration.ofNanos(now - since), Duration::plus);
    since = now;
  }

  /** Passes each step with its time on. */
  public void forEach(BiConsumer<String, Duration> each) {
    took.forEach(each);
  }

  /** For people, in ms. */
  @Override
  public String toString() {
    return took.entrySet().stream()
        .map(step -> step.getKey() + " " + step.getValue().toMillis() + " ms")
        .collect(Collectors.joining(", "));
  }
}
