package io.aliecs.relay.bus;

import io.aliecs.relay.bus.status.ClusterChange;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.CoreEnvironments;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.message.PublishingSettings;

/**
 * Every address of the event bus. The bus is local to each host. Applications outside reach {@link
 * #ENVIRONMENT_TRANSITION} alone, over HTTP.
 *
 * <p>Behind an arrow stands what is replied, before it what is sent; to an address without one the
 * named message is published.
 */
public final class BusAddresses {
  private static final String PREFIX = "aliecs.relay.";

  /**
   * A sender reports to any host what happened to an environment; the reply comes once that is
   * safe. {@link EnvironmentEvent}, JSON object or protobuf {@code EnvironmentEventRecord} → {@link
   * TransitionReply}, as JSON to a JSON or protobuf sender.
   */
  public static final String ENVIRONMENT_TRANSITION = PREFIX + "environment.transition";

  /** The state after each journal entry, in journal order: {@link StateChanged}. */
  public static final String ENVIRONMENT_CHANGED = PREFIX + "environment.changed";

  /**
   * Asks for the newest state and who leads → {@link HostState}, or {@link FailureCode#NOT_READY}
   * until the journal is replayed.
   */
  public static final String HOST_STATE = PREFIX + "host.state";

  /** This host has become leader, or is not leader any more: {@link Leadership}. */
  public static final String LEADERSHIP_CHANGED = PREFIX + "leadership.changed";

  /**
   * Asks who leads, how current this host is, and how the others are → {@link ClusterStatus}, or
   * {@link FailureCode#NOT_READY}.
   */
  public static final String CLUSTER_STATUS = PREFIX + "cluster.status";

  /**
   * Asks for another host in the cluster, or one less: {@link ClusterChange} → {@link
   * ClusterStatus} once it is safe; {@link FailureCode#REFUSED}, or {@link FailureCode#NOT_READY}
   * when it did not get done.
   */
  public static final String CLUSTER_CHANGE = PREFIX + "cluster.change";

  /**
   * A verticle of the leader puts commands into the journal: {@link Command} → {@link
   * TransitionReply}, or {@link EventBatch} → {@link EventBatchReply}.
   */
  public static final String JOURNAL_APPEND = PREFIX + "journal.append";

  /**
   * A person asks for a command; any host takes it and hands it to the one that leads: {@link
   * Command} → {@link TransitionReply}.
   */
  public static final String JOURNAL_REQUEST = PREFIX + "journal.request";

  /** Asks whether the journal takes events on this host, and why not → {@link ComponentStatus}. */
  public static final String JOURNAL_STATUS = PREFIX + "journal.status";

  /** Other good settings have been read from Consul: {@link PublishingSettings}. */
  public static final String SETTINGS_CHANGED = PREFIX + "settings.changed";

  /**
   * Asks for the newest good settings → {@link PublishingSettings}, or {@link
   * FailureCode#NOT_READY}.
   */
  public static final String SETTINGS_CURRENT = PREFIX + "settings.current";

  /**
   * Asks what is in force, since when, and why something newer was refused → {@code
   * SettingsStatus}.
   */
  public static final String SETTINGS_STATUS = PREFIX + "settings.status";

  /** Asks how the publisher is → {@link ComponentStatus}. */
  public static final String PUBLISHER_STATUS = PREFIX + "publisher.status";

  /** Asks how the ingest is → {@link ComponentStatus}. */
  public static final String INGEST_STATUS = PREFIX + "ingest.status";

  /** What AliECS's core has, whenever it was asked: {@link CoreEnvironments}. */
  public static final String CORE_ENVIRONMENTS = PREFIX + "core.environments";

  /**
   * Has AliECS's core asked at once which environments exist; nobody answers without a core →
   * nothing, once it is done; {@link FailureCode#NOT_READY} when the core did not answer, {@link
   * FailureCode#NOT_LEADER}.
   */
  public static final String RECONCILE_REQUEST = PREFIX + "reconcile.request";

  /** Asks whether AliECS's core answers → {@link ComponentStatus}. */
  public static final String RECONCILE_STATUS = PREFIX + "reconcile.status";

  /** Asks what comparing with AliECS's core has found → {@link CoreComparison}. */
  public static final String RECONCILE_FOUND = PREFIX + "reconcile.found";

  private BusAddresses() {}
}
