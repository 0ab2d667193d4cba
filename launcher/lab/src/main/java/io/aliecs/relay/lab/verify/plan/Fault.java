package io.aliecs.relay.lab.verify.plan;

import java.util.Locale;

/** What is done to the relay and to what it stands on. */
public enum Fault {
  /** Nothing. */
  NONE(false),
  /** The relay is killed ({@code kill -9}) and started again, at times killed while it starts. */
  KILL_RELAY(true),
  /** The relay is asked to end ({@code SIGTERM}) and started again. */
  STOP_RELAY(false),
  /** The broker is killed and started again. */
  KILL_KAFKA(true),
  /** The broker is suspended ({@code SIGSTOP}), at times for longer than any timeout. */
  SUSPEND_KAFKA(true),
  /** Kafka is away for long; AliECS's stream is elsewhere and goes on. The relay dies meanwhile. */
  OUTAGE(true),
  /** Every byte to and from Kafka takes 100 ms more, at 3 Mbit/s. */
  SLOW_KAFKA(false),
  /** Connections to the broker are cut, refused or silent for a while. */
  CUT_KAFKA(true),
  /** The plugin is turned off and on in Consul. */
  TOGGLE(false),
  /** The endpoint moves to another broker and back. */
  MOVE(false),
  /** The relay is killed while the plugin is turned off, and again while it is turned on. */
  KILL_TOGGLE(true),
  /** The relay is killed while the endpoint moves. */
  KILL_MOVE(true),
  /** The clock of the relay's host steps by an hour; at times Kafka is away meanwhile. */
  STEP_CLOCK(true),
  /** AliECS's core dies in the middle of what it does, and a new one starts that has nothing. */
  RESTART_CORE(false),
  /** AliECS's stream loses events for a while; its core, asked over gRPC, still knows all. */
  LOSE_EVENTS(false),
  /** The host that leads is killed, and started again when another one publishes. */
  KILL_LEADER(true, 3),
  /** The host that leads is suspended for longer than any timeout, then goes on. */
  PAUSE_LEADER(true, 3),
  /** The host that leads is cut off from the others, at times not from Kafka; then healed. */
  SPLIT_LEADER(true, 3),
  /** Another host is cut off likewise. */
  SPLIT_FOLLOWER(false, 3),
  /** All hosts are killed at once and started again. */
  KILL_ALL(true, 3),
  /** A host is killed, its folder is emptied, and it is started again. */
  WIPE_DISK(true, 3),
  /** Each round another of kill-leader, pause-leader, split-leader and kill-all. */
  MIXED(true, 3),
  /** One host after the other is asked to end and started again. */
  ROLLING_RESTART(true, 3),
  /** Hosts of an older version are replaced by this one, one after the other. */
  ROLLING_UPGRADE(true, 3);

  private final boolean repeats;
  private final int hosts;

  Fault(boolean repeats) {
    this(repeats, 1);
  }

  Fault(boolean repeats, int hosts) {
    this.repeats = repeats;
    this.hosts = hosts;
  }

  /** How many control hosts it takes. */
  public int hosts() {
    return hosts;
  }

  /**
   * How often it is injected when every fault is.
   *
   * @param asked how often in general
   */
  public int share(int asked) {
    return switch (this) {
      case KILL_LEADER -> 3 * asked;
      case SPLIT_FOLLOWER, WIPE_DISK, ROLLING_RESTART -> Math.max(1, asked / 3);
      case ROLLING_UPGRADE -> 1;
      default -> asked;
    };
  }

  /** Whether hosts need networks that can be cut. */
  public boolean isSplit() {
    return this == SPLIT_LEADER || this == SPLIT_FOLLOWER || this == MIXED;
  }

  /** Whether a {@code read_uncommitted} reader may see messages again after it. */
  public boolean repeats() {
    return repeats;
  }

  /** Whether it takes a second broker to move to. */
  public boolean moves() {
    return this == MOVE || this == KILL_MOVE;
  }

  /** Whether the relay asks AliECS's core. */
  public boolean asksCore() {
    return this == LOSE_EVENTS;
  }

  /** Whether clients get to the broker through a proxy that disturbs them. */
  public boolean isOnTheWire() {
    return this == CUT_KAFKA || this == SLOW_KAFKA;
  }

  /** As on the command line, for example {@code kill-relay}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
