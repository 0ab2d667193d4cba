package io.aliecs.relay.lab.verify.expected;

import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.Ev_RunEvent;
import io.aliecs.relay.proto.events.OpStatus;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the contract demands about one environment, read off AliECS's events as its tables say.
 * Written apart from the relay's own state machine, so that the two do not share a mistake; knows
 * lives that are undisturbed up to an end that is reported or not. For one thread at a time.
 */
public final class ExpectedLife {
  private static final String RUNNING = "RUNNING";

  private final EnvironmentSetup setup;
  private String state = "";
  private long enteredAt;
  private long runNumber;
  private boolean announced;
  private boolean active;
  private boolean endPublished;
  private boolean over;
  private boolean leaving;

  /** When the run of {@code numberedRun} took its number, ms since epoch. */
  private long numberedAt;

  private long numberedRun;
  private long numberedOrder;

  /** Of an environment that has yet to be created. */
  public ExpectedLife(EnvironmentSetup setup) {
    this.setup = setup;
  }

  /**
   * An event of {@code aliecs.run}: the run's number is taken when it says that it starts.
   *
   * @param order place among the events of all environments
   */
  public void next(long order, long timestamp, Ev_RunEvent event) {
    if (event.getTransition().equals("START_ACTIVITY")
        && event.getTransitionStatus() == OpStatus.STARTED) {
      numberedAt = timestamp;
      numberedRun = Integer.toUnsignedLong(event.getRunNumber());
      numberedOrder = order;
    }
  }

  /**
   * Nothing more is written of what was under way: the run that has its number is announced though
   * no event of {@code aliecs.environment} has it.
   */
  public Optional<ExpectedChange> cut() {
    if (numberedRun == 0 || (announced && runNumber == numberedRun)) {
      return Optional.empty();
    }
    announced = true;
    runNumber = numberedRun;
    return Optional.of(change(numberedOrder, numberedAt, List.of(announcement(numberedAt)), false));
  }

  /**
   * It is gone and no event says so.
   *
   * @param order place among the events of all environments
   * @param timestamp of what it is concluded from, ms since epoch
   */
  public Optional<ExpectedChange> gone(long order, long timestamp) {
    if (state.isEmpty() || over) {
      return Optional.empty();
    }
    return Optional.of(change(order, timestamp, end(timestamp), true));
  }

  /**
   * What the next event of {@code aliecs.environment} changes, if it changes anything.
   *
   * @param order place among the events of all environments
   * @param timestamp when it happened, ms since epoch
   */
  public Optional<ExpectedChange> next(long order, long timestamp, Ev_EnvironmentEvent event) {
    String step = event.getTransitionStep();
    boolean ongoing = event.getTransitionStatus() == OpStatus.ONGOING;
    boolean starting = ongoing && event.getMessage().equals("transition step starting");
    boolean destroying = event.getTransition().equals("DESTROY") && ongoing;
    List<ExpectedMessage> messages = new ArrayList<>();
    boolean listed = false;
    if (step.isEmpty() && event.getTransitionStatus() == OpStatus.DONE_ERROR) {
      leaving = false;
    }
    if (over) {
      return Optional.empty();
    } else if (step.equals("after_CREATE") && event.getState().equals("STANDBY")) {
      enter("STANDBY", Long.parseLong(event.getVarsOrThrow("enter_state_time_ms")));
      messages.add(message("aliecs.env_state.STANDBY", "STANDBY", timestamp));
      listed = true;
    } else if (isAnnouncement(event)) {
      announced = true;
      runNumber = Integer.toUnsignedLong(event.getRunNumber());
      messages.add(announcement(numberedRun == runNumber ? numberedAt : timestamp));
    } else if (step.startsWith("leave_") && (starting || destroying)) {
      if (active && endPublished) {
        return Optional.empty();
      }
      endPublished = active;
      leaving = true;
      messages.add(message("aliecs.env_leave_state." + state, state, timestamp));
    } else if (step.startsWith("enter_") && starting) {
      listed = true;
      enter(step.substring("enter_".length()), timestamp);
      over = state.equals("DONE");
      if (!over) {
        messages.add(message("aliecs.env_state." + state, state, timestamp));
      }
    } else if (step.equals("after_DESTROY") && (ongoing || event.getState().equals("DONE"))) {
      listed = true;
      messages.addAll(end(timestamp));
    }
    return messages.isEmpty() && !listed
        ? Optional.empty()
        : Optional.of(change(order, timestamp, messages, listed));
  }

  /** Its last messages; that it is left is among them where that was not published already. */
  private List<ExpectedMessage> end(long timestamp) {
    List<ExpectedMessage> messages = new ArrayList<>();
    if (!leaving && !endPublished) {
      messages.add(message("aliecs.env_leave_state." + state, state, timestamp));
    }
    over = true;
    active = false;
    messages.add(message("aliecs.env_state.UNKNOWN", "UNKNOWN", timestamp));
    return messages;
  }

  private ExpectedChange change(
      long order, long timestamp, List<ExpectedMessage> messages, boolean listed) {
    return new ExpectedChange(
        order, setup.environmentId(), timestamp, setup.kafkaEnabled(), messages, listed, run());
  }

  private boolean isAnnouncement(Ev_EnvironmentEvent event) {
    return event.getTransitionStep().equals("before_START_ACTIVITY")
        && event.getRunNumber() != 0
        && !(announced && runNumber == Integer.toUnsignedLong(event.getRunNumber()));
  }

  private void enter(String next, long at) {
    state = next;
    enteredAt = at;
    active = next.equals(RUNNING);
    endPublished = false;
    leaving = false;
  }

  private @Nullable EnvInfo run() {
    if (!active) {
      return null;
    }
    return info(RUNNING)
        .setRunNumber((int) runNumber)
        .setRunType(setup.runType())
        .clearDetectors()
        .addAllDetectors(setup.detectors().stream().sorted().toList())
        .build();
  }

  private ExpectedMessage announcement(long timestamp) {
    EnvInfo.Builder info =
        info("CONFIGURED").setRunNumber((int) runNumber).setRunType(setup.runType());
    return new ExpectedMessage("aliecs.before_start_activity", notification(info, timestamp));
  }

  private ExpectedMessage message(String topic, String state, long timestamp) {
    EnvInfo.Builder info = info(state);
    if (state.equals(RUNNING)) {
      info.setRunNumber((int) runNumber).setRunType(setup.runType());
    }
    return new ExpectedMessage(topic, notification(info, timestamp));
  }

  private EnvInfo.Builder info(String state) {
    return EnvInfo.newBuilder()
        .setEnvironmentId(setup.environmentId())
        .setState(state)
        .addAllDetectors(setup.detectors())
        .setEnterStateTimestamp(enteredAt);
  }

  private static NewStateNotification notification(EnvInfo.Builder info, long timestamp) {
    return NewStateNotification.newBuilder().setEnvInfo(info).setTimestamp(timestamp).build();
  }
}
