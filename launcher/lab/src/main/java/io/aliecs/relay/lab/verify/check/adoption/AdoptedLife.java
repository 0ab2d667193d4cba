package io.aliecs.relay.lab.verify.check.adoption;

import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedMessage;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One environment of which events were lost: what may be published about it, what was, and what
 * that demands.
 *
 * <p>May: what its whole life demands, in that order, not before it happened, with its detectors
 * and type of run or none; and UNKNOWN behind an EXIT, of which the core reports no more than that
 * it is gone. Must: a run is announced before it starts, its end is published before the next
 * state, and so is the end of an environment of which anything was published. For one thread.
 */
final class AdoptedLife {
  private static final String RUNNING = "RUNNING";
  private static final String ENTERED = "aliecs.env_state.";
  private static final String LEFT = "aliecs.env_leave_state.";
  private static final String ENDED = LEFT + RUNNING;
  private static final String ANNOUNCED = "aliecs.before_start_activity";
  private static final String UNKNOWN = "UNKNOWN";

  private final boolean published;
  private final boolean destroyed;
  private final List<ExpectedMessage> whole;
  private final long lastRun;
  private final Set<Long> announced = new HashSet<>();
  private int next;
  private String state = "";
  private long run;
  private boolean endPublished;

  /** What is wrong with a message. */
  record Wrong(Kind kind, String text) {}

  /**
   * Nothing was published about it yet.
   *
   * @param changes of that environment, none lost
   */
  AdoptedLife(List<ExpectedChange> changes) {
    ExpectedChange last = changes.get(changes.size() - 1);
    EnvInfo running = last.run();
    published = last.published();
    List<ExpectedMessage> all = new ArrayList<>();
    changes.forEach(change -> all.addAll(change.messages()));
    destroyed = !all.isEmpty() && state(all.get(all.size() - 1)).equals(UNKNOWN);
    if (last.listed() && last.messages().isEmpty()) { // an EXIT that was lost looks like any end
      all.add(unknown(all.get(all.size() - 1), last.timestamp()));
    }
    whole = List.copyOf(all);
    lastRun = running == null ? 0 : number(running);
  }

  private static String state(ExpectedMessage message) {
    return message.value().getEnvInfo().getState();
  }

  private static ExpectedMessage unknown(ExpectedMessage last, long timestamp) {
    NewStateNotification.Builder value = last.value().toBuilder().setTimestamp(timestamp);
    value.getEnvInfoBuilder().setState(UNKNOWN);
    return new ExpectedMessage(ENTERED + UNKNOWN, value.build());
  }

  private static long number(EnvInfo info) {
    return Integer.toUnsignedLong(info.getRunNumber());
  }

  /** The run whose start was published and not its end; 0 when there is none. */
  long run() {
    return run;
  }

  /** A message about it; what is wrong with it. */
  Optional<Wrong> follow(String topic, NewStateNotification message) {
    if (!published) {
      return Optional.of(new Wrong(Kind.GHOST, "not published: "));
    }
    int place = next;
    while (place < whole.size() && !is(whole.get(place), topic, message)) {
      place++;
    }
    if (place == whole.size() && !isOfAnotherAttempt(topic, message)) {
      return Optional.of(
          new Wrong(
              Kind.INVENTED,
              "nothing explains, behind " + next + " of its messages, " + oneLine(message) + ": "));
    }
    // A start that is inferred is announced first, and then leaves whatever state was published
    // last.
    if (place < whole.size() && !topic.equals(ANNOUNCED)) {
      next = place + 1;
    }
    return take(topic, message.getEnvInfo());
  }

  /** AliECS destroys once more what it could not release, if nobody knows that it is over. */
  private boolean isOfAnotherAttempt(String topic, NewStateNotification message) {
    return destroyed
        && next > 0
        && next == whole.size() - 1
        && !topic.equals(ENDED)
        && topic.startsWith(LEFT)
        && is(whole.get(next - 1), topic, message);
  }

  private boolean is(ExpectedMessage expected, String topic, NewStateNotification found) {
    EnvInfo info = found.getEnvInfo();
    EnvInfo wanted = expected.value().getEnvInfo();
    return expected.topic().equals(topic)
        && info.getState().equals(wanted.getState())
        && info.hasRunNumber() == wanted.hasRunNumber()
        && info.getRunNumber() == wanted.getRunNumber()
        && hasDetailsOf(wanted, info)
        && found.getTimestamp() >= expected.value().getTimestamp()
        && info.getEnterStateTimestamp() <= found.getTimestamp();
  }

  private static boolean hasDetailsOf(EnvInfo truth, EnvInfo said) {
    boolean typed = !said.hasRunType() || said.getRunType().equals(truth.getRunType());
    return typed
        && (said.getDetectorsCount() == 0
            || Set.copyOf(said.getDetectorsList()).equals(Set.copyOf(truth.getDetectorsList())));
  }

  /** Whether a list may say that of its run. */
  boolean isOf(EnvInfo listed) {
    return whole.stream()
        .map(message -> message.value().getEnvInfo())
        .anyMatch(
            known ->
                known.getState().equals(RUNNING)
                    && number(known) == number(listed)
                    && hasDetailsOf(known, listed));
  }

  private Optional<Wrong> take(String topic, EnvInfo info) {
    Optional<Wrong> wrong = Optional.empty();
    if (topic.equals(ANNOUNCED)) {
      if (!announced.add(number(info))) {
        wrong = Optional.of(new Wrong(Kind.INVENTED, "another announcement of "));
      }
    } else if (topic.equals(ENDED)) {
      wrong = lostIf(run == 0, "the start of a run that ends: ");
      endPublished = true;
    } else if (topic.startsWith(ENTERED)) {
      wrong = lostIf(run != 0 && !endPublished, "the end of run " + run + " before ");
      run = info.getState().equals(RUNNING) ? number(info) : 0;
      endPublished = false;
      if (run != 0 && !announced.contains(run)) {
        wrong = lostIf(true, "the announcement of ");
      }
      state = info.getState();
    }
    return wrong;
  }

  private static Optional<Wrong> lostIf(boolean lost, String what) {
    return lost ? Optional.of(new Wrong(Kind.LOST, what)) : Optional.empty();
  }

  /** What is missing at the end. */
  Optional<String> judge() {
    if (!published || state.isEmpty()) {
      return lastRun != 0 && published
          ? Optional.of("nothing was published, and run " + lastRun + " is on")
          : Optional.empty();
    }
    if (destroyed && !state.equals(UNKNOWN)) {
      return Optional.of("it is gone, and was last published in " + state);
    }
    return run == lastRun
        ? Optional.empty()
        : Optional.of("run " + run + " is on as published (expected: " + lastRun + ")");
  }

  private static String oneLine(NewStateNotification message) {
    return message.toString().replace('\n', ' ');
  }
}
