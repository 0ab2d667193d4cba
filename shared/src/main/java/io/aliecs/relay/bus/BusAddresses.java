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
 * <table>
 * <caption>Addresses and what goes over them</caption>
 * <tr><th>address</th><th>kind</th><th>body</th><th>reply</th></tr>
 * <tr><td>{@link #ENVIRONMENT_TRANSITION}</td><td>request</td><td>{@link EnvironmentEvent}, JSON
 * object or protobuf {@code EnvironmentEventRecord}</td><td>{@link TransitionReply}, as JSON to a
 * JSON or protobuf sender</td></tr>
 * <tr><td>{@link #ENVIRONMENT_CHANGED}</td><td>event, this host</td><td>{@link StateChanged}</td>
 * <td></td></tr>
 * <tr><td>{@link #HOST_STATE}</td><td>request, this host</td><td>nothing</td><td>{@link
 * HostState}, or {@link FailureCode#NOT_READY} until the journal is replayed</td></tr>
 * <tr><td>{@link #LEADERSHIP_CHANGED}</td><td>event, this host</td><td>{@link Leadership}</td>
 * <td></td></tr>
 * <tr><td>{@link #CLUSTER_STATUS}</td><td>request, this host</td><td>nothing</td><td>{@link
 * ClusterStatus}, or {@link FailureCode#NOT_READY}</td></tr>
 * <tr><td>{@link #CLUSTER_CHANGE}</td><td>request, this host</td><td>{@link ClusterChange}</td>
 * <td>{@link ClusterStatus} once it is safe; {@link FailureCode#REFUSED}, or {@link
 * FailureCode#NOT_READY} when it did not get done</td></tr>
 * <tr><td>{@link #JOURNAL_REQUEST}</td><td>request, this host</td><td>{@link Command}</td><td>{@link
 * TransitionReply}</td></tr>
 * <tr><td>{@link #JOURNAL_APPEND}</td><td>request, this host</td><td>{@link Command} or {@link
 * EventBatch}</td><td>{@link TransitionReply} or {@link EventBatchReply}</td></tr>
 * <tr><td>{@link #JOURNAL_STATUS}</td><td>request, this host</td><td>nothing</td><td>{@link
 * ComponentStatus}</td></tr>
 * <tr><td>{@link #SETTINGS_CHANGED}</td><td>event, this host</td><td>{@link PublishingSettings}</td>
 * <td></td></tr>
 * <tr><td>{@link #SETTINGS_CURRENT}</td><td>request, this host</td><td>nothing</td><td>{@link
 * PublishingSettings}, or {@link FailureCode#NOT_READY}</td></tr>
 * <tr><td>{@link #SETTINGS_STATUS}</td><td>request, this host</td><td>nothing</td><td>{@code
 * SettingsStatus}</td></tr>
 * <tr><td>{@link #PUBLISHER_STATUS}</td><td>request, this host</td><td>nothing</td><td>{@link
 * ComponentStatus}</td></tr>
 * <tr><td>{@link #INGEST_STATUS}</td><td>request, this host</td><td>nothing</td><td>{@link
 * ComponentStatus}</td></tr>
 * <tr><td>{@link #CORE_ENVIRONMENTS}</td><td>event, this host</td><td>{@link CoreEnvironments}</td>
 * <td></td></tr>
 * <tr><td>{@link #RECONCILE_REQUEST}</td><td>request, this host</td><td>nothing</td><td>nothing,
 * once it is done; {@link FailureCode#NOT_READY} when the core did not answer, {@link
 * FailureCode#NOT_LEADER}</td></tr>
 * <tr><td>{@link #RECONCILE_STATUS}</td><td>request, this host</td><td>nothing</td><td>{@link
 * ComponentStatus}</td></tr>
 * <tr><td>{@link #RECONCILE_FOUND}</td><td>request, this host</td><td>nothing</td><td>{@link
 * CoreComparison}</td></tr>
 * </table>
 */
public final class BusAddresses {
  private static final String PREFIX = "aliecs.relay.";

  /** A sender tells any host what happened to an environment; the reply says that it is safe. */
  public static final String ENVIRONMENT_TRANSITION = PREFIX + "environment.transition";

  /** The state after each journal entry, in journal order. */
  public static final String ENVIRONMENT_CHANGED = PREFIX + "environment.changed";

  /** Asks for the newest state and who leads. */
  public static final String HOST_STATE = PREFIX + "host.state";

  /** This host has become leader, or is not leader any more. */
  public static final String LEADERSHIP_CHANGED = PREFIX + "leadership.changed";

  /** Asks who leads, how current this host is, and how the others are. */
  public static final String CLUSTER_STATUS = PREFIX + "cluster.status";

  /** Asks for another host in the cluster, or one less. */
  public static final String CLUSTER_CHANGE = PREFIX + "cluster.change";

  /** A verticle of the leader puts a command into the journal. */
  public static final String JOURNAL_APPEND = PREFIX + "journal.append";

  /** A person asks for a command; any host takes it and hands it to the one that leads. */
  public static final String JOURNAL_REQUEST = PREFIX + "journal.request";

  /** Asks whether the journal takes events on this host, and why not. */
  public static final String JOURNAL_STATUS = PREFIX + "journal.status";

  /** Other good settings have been read from Consul. */
  public static final String SETTINGS_CHANGED = PREFIX + "settings.changed";

  /** Asks for the newest good settings. */
  public static final String SETTINGS_CURRENT = PREFIX + "settings.current";

  /** Asks what is in force, since when, and why something newer was refused. */
  public static final String SETTINGS_STATUS = PREFIX + "settings.status";

  /** Asks how the publisher is. */
  public static final String PUBLISHER_STATUS = PREFIX + "publisher.status";

  /** Asks how the ingest is. */
  public static final String INGEST_STATUS = PREFIX + "ingest.status";

  /** What AliECS's core says it has, whenever it was asked. */
  public static final String CORE_ENVIRONMENTS = PREFIX + "core.environments";

  /** Has AliECS's core asked at once which environments exist; nobody answers without a core. */
  public static final String RECONCILE_REQUEST = PREFIX + "reconcile.request";

  /** Asks whether AliECS's core answers. */
  public static final String RECONCILE_STATUS = PREFIX + "reconcile.status";

  /** Asks what comparing with AliECS's core has found. */
  public static final String RECONCILE_FOUND = PREFIX + "reconcile.found";

  private BusAddresses() {}
}
