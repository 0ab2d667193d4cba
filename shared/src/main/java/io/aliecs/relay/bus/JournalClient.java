package io.aliecs.relay.bus;

import io.aliecs.relay.domain.command.Command;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal of this host over the bus, for its verticles and their threads. Thread safe. */
public final class JournalClient {
  private static final Logger LOG = LoggerFactory.getLogger(JournalClient.class);
  private static final Duration REPLY = Duration.ofMillis(DeliveryOptions.DEFAULT_TIMEOUT);
  private static final long ASK_AGAIN_MS = 250;
  private static final DeliveryOptions SOON =
      new DeliveryOptions(LocalRecords.LOCAL).setSendTimeout(2_000);

  private final Vertx vertx;
  private final DeliveryOptions delivery;

  /** One that waits for 30 s until a command is in the journal. */
  public JournalClient(Vertx vertx) {
    this(vertx, REPLY);
  }

  /**
   * One with a time limit of its own.
   *
   * @param limit how long it waits until a command is in the journal
   */
  public JournalClient(Vertx vertx, Duration limit) {
    this.vertx = vertx;
    this.delivery = new DeliveryOptions(LocalRecords.LOCAL).setSendTimeout(limit.toMillis());
  }

  /** Ends once the command is in the journal; fails with a {@link FailureCode}. */
  public Future<TransitionReply> append(Command command) {
    return request(BusAddresses.JOURNAL_APPEND, command);
  }

  /**
   * The same for what a person asks for: from any host, by way of the one that leads. What is not
   * carried out is a reply as well.
   */
  public Future<TransitionReply> request(Command command) {
    return request(BusAddresses.JOURNAL_REQUEST, command);
  }

  /** Ends once all of these are in the journal; fails with a {@link FailureCode}. */
  public Future<EventBatchReply> append(EventBatch batch) {
    return request(BusAddresses.JOURNAL_APPEND, batch);
  }

  private <T> Future<T> request(String address, Object body) {
    return vertx.eventBus().<T>request(address, body, delivery).map(Message::body);
  }

  /** What this host knows now; fails as long as its journal is not replayed. */
  public Future<HostState> state() {
    return vertx
        .eventBus()
        .<HostState>request(BusAddresses.HOST_STATE, null, SOON)
        .map(Message::body);
  }

  /**
   * Delivers the newest state and then each change, in journal order, on the context of the caller,
   * whose end ends it. It does not matter who starts first: the newest state is requested until
   * there is one.
   *
   * @return ends when no further change can be missed
   */
  public Future<Void> follow(Consumer<StateChanged> states, Consumer<Leadership> leaderships) {
    return new Following(states, leaderships).begin();
  }

  /** One follower: what is requested is older than what was published meanwhile. */
  private final class Following {
    private final Consumer<StateChanged> states;
    private final Consumer<Leadership> leaderships;
    private boolean stateReceived;
    private boolean leadershipReceived;

    Following(Consumer<StateChanged> states, Consumer<Leadership> leaderships) {
      this.states = states;
      this.leaderships = leaderships;
    }

    Future<Void> begin() {
      EventBus bus = vertx.eventBus();
      var changes =
          bus.<StateChanged>localConsumer(
              BusAddresses.ENVIRONMENT_CHANGED, message -> receive(message.body()));
      var leaders =
          bus.<Leadership>localConsumer(
              BusAddresses.LEADERSHIP_CHANGED, message -> receive(message.body()));
      return Future.all(changes.completion(), leaders.completion())
          .onSuccess(subscribed -> ask())
          .mapEmpty();
    }

    private void receive(StateChanged state) {
      stateReceived = true;
      states.accept(state);
    }

    private void receive(Leadership leadership) {
      leadershipReceived = true;
      leaderships.accept(leadership);
    }

    private void ask() {
      state()
          .onSuccess(this::answered)
          .onFailure(
              notYet -> {
                LOG.debug("no state yet, asked again: {}", notYet.toString());
                vertx.setTimer(ASK_AGAIN_MS, again -> ask());
              });
    }

    private void answered(HostState known) {
      if (!stateReceived) {
        receive(known.newest());
      }
      if (!leadershipReceived) {
        receive(known.leadership());
      }
    }
  }
}
