package io.aliecs.relay.domain;

import io.aliecs.relay.domain.RelayState.Applied;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.PublishingSettings;
import java.util.List;
import java.util.Set;

/** A relay's state under test, with short ways to tell it what happens. */
final class Relay {
  static final String ENV = "2oDvieFrVTi";
  static final String JOURNAL = "journal-1";
  static final PublishingSettings ON =
      new PublishingSettings(true, List.of("kafka:9092"), true, 1, 1);
  static final PublishingSettings OFF =
      new PublishingSettings(false, List.of("kafka:9092"), true, 2, 1);
  static final PublishingSettings NOT_BY_DEFAULT =
      new PublishingSettings(true, List.of("kafka:9092"), false, 1, 2);

  RelayState state = RelayState.EMPTY;
  private int events;

  /** A relay that publishes to a Kafka that has everything so far. */
  static Relay publishing() {
    Relay relay = new Relay();
    relay.apply(new Command.JournalCreated(JOURNAL));
    relay.apply(new Command.SettingsChanged(ON, 1));
    relay.apply(new Command.PublishingStarted("", 0, Set.of(), 1));
    relay.deliverAll();
    return relay;
  }

  Applied apply(Command command) {
    Applied applied = state.apply(command);
    state = applied.state();
    return applied;
  }

  /** Applies an event with an id of its own unless it has one. */
  Applied send(EnvironmentEvent.Builder event) {
    return apply(event.eventId("event-" + ++events).build());
  }

  /** Applies an event and gives what readers are told because of it. */
  List<Message> told(EnvironmentEvent.Builder event) {
    long last = state.outbox().next() - 1;
    send(event);
    return messagesAfter(last);
  }

  /** What readers get behind that sequence, once all that is pending is delivered. */
  List<Message> messagesAfter(long sequence) {
    Outbox outbox = state.outbox();
    List<OutboxEntry> before =
        outbox.after(0, Integer.MAX_VALUE).stream().filter(e -> e.sequence() <= sequence).toList();
    int skipped = Message.of(before, outbox.base()).size();
    List<Message> all = Message.of(outbox.after(0, Integer.MAX_VALUE), outbox.base());
    return all.subList(skipped, all.size());
  }

  /** Everything that is pending, as readers will get it. */
  List<Message> pending() {
    return messagesAfter(0);
  }

  void deliverAll() {
    apply(new Command.Delivered(state.outbox().next() - 1));
  }

  Environment environment() {
    Environment found = state.find(ENV);
    if (found == null) {
      throw new AssertionError(ENV + " is not known");
    }
    return found;
  }

  static EnvironmentEvent.Builder created(long at) {
    return created(ENV, at);
  }

  static EnvironmentEvent.Builder created(String id, long at) {
    return EnvironmentEvent.builder(id, EventType.CREATED, at)
        .runType("PHYSICS")
        .detectors(List.of("TPC", "ITS"));
  }

  static EnvironmentEvent.Builder before(Transition transition, long at) {
    return EnvironmentEvent.builder(ENV, EventType.BEFORE, at).transition(transition);
  }

  static EnvironmentEvent.Builder leaving(Transition transition, long at) {
    return EnvironmentEvent.builder(ENV, EventType.LEAVING, at).transition(transition);
  }

  static EnvironmentEvent.Builder entered(Transition transition, long at) {
    return EnvironmentEvent.builder(ENV, EventType.ENTERED, at).transition(transition);
  }

  static EnvironmentEvent.Builder failed(Transition transition, long at) {
    return EnvironmentEvent.builder(ENV, EventType.FAILED, at).transition(transition);
  }

  static EnvironmentEvent.Builder destroyed(long at) {
    return EnvironmentEvent.builder(ENV, EventType.DESTROYED, at).transition(Transition.DESTROY);
  }

  /** An observed event that says in what state the environment is. */
  static EnvironmentEvent.Builder seen(State state, long at) {
    return EnvironmentEvent.builder(ENV, EventType.OBSERVED, at).state(state).observed(true);
  }

  /** An event of AliECS's topic of runs. */
  static EnvironmentEvent.Builder runSeen(State state, long run, long at) {
    return EnvironmentEvent.builder(ENV, EventType.RUN_OBSERVED, at)
        .state(state)
        .runNumber(run)
        .observed(true);
  }

  /** Brings a new environment to a state; the last event is at {@code at}. */
  Relay bring(State to, long at) {
    send(created(at - 4));
    if (to == State.STANDBY) {
      return this;
    }
    if (to == State.ERROR) {
      send(leaving(Transition.GO_ERROR, at - 1));
      send(entered(Transition.GO_ERROR, at));
      return this;
    }
    send(entered(Transition.DEPLOY, to == State.DEPLOYED ? at : at - 3));
    if (to == State.DEPLOYED) {
      return this;
    }
    send(entered(Transition.CONFIGURE, to == State.CONFIGURED ? at : at - 2));
    if (to == State.RUNNING) {
      send(before(Transition.START_ACTIVITY, at - 1).runNumber(500_000L));
      send(entered(Transition.START_ACTIVITY, at));
    }
    return this;
  }

  /** What a message says of {@link #ENV} without a run. */
  static EnvironmentInfo idle(State state, long enteredAt) {
    return new EnvironmentInfo(ENV, null, null, state, List.of("TPC", "ITS"), enteredAt);
  }

  /** What a notification says of {@link #ENV} with a run. */
  static EnvironmentInfo withRun(State state, long run, long enteredAt) {
    return new EnvironmentInfo(ENV, run, "PHYSICS", state, List.of("TPC", "ITS"), enteredAt);
  }

  /** What a list says of {@link #ENV}: its detectors are sorted. */
  static EnvironmentInfo listed(long run, long enteredAt) {
    return new EnvironmentInfo(
        ENV, run, "PHYSICS", State.RUNNING, List.of("ITS", "TPC"), enteredAt);
  }
}
