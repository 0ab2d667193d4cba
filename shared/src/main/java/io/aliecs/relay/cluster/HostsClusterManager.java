package io.aliecs.relay.cluster;

import io.aliecs.relay.settings.BusOptions;
import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership of the event bus for control hosts whose list is known beforehand. A host is on the
 * bus as long as a connection with it is open, whichever side made it. There is no common state, so
 * none has to be mended after a split: see {@link Announcement}.
 *
 * <p>Thread safe.
 */
final class HostsClusterManager extends NothingShared {
  private static final Logger LOG = LoggerFactory.getLogger(HostsClusterManager.class);

  private final BusOptions options;
  private final String nodeId = UUID.randomUUID().toString();
  private final Nodes nodes = new Nodes();
  private final OwnConsumers consumers = new OwnConsumers();
  private volatile @Nullable Context context;
  private volatile @Nullable Links links;
  private volatile @Nullable BusCertificates certificates;
  private volatile @Nullable VertxInternal vertx;
  private volatile @Nullable NodeInfo info;
  private volatile @Nullable NodeListener nodeListener;
  private volatile @Nullable RegistrationListener registrationListener;
  private volatile boolean active;

  /** On the context only. */
  private long sequence;

  HostsClusterManager(BusOptions options) {
    this.options = options;
  }

  /** The control hosts that are on the bus, this one too. */
  Set<String> hostIds() {
    Set<String> ids = new TreeSet<>(nodes.hostIds());
    if (!options.isGuest() && active) {
      ids.add(options.hostId());
    }
    return ids;
  }

  @Override
  public void init(Vertx bootstrapped) {
    vertx = (VertxInternal) bootstrapped;
  }

  @Override
  public void nodeListener(NodeListener listener) {
    nodeListener = listener;
  }

  @Override
  public void registrationListener(RegistrationListener listener) {
    registrationListener = listener;
  }

  @Override
  public String getNodeId() {
    return nodeId;
  }

  @Override
  public List<String> getNodes() {
    List<String> all = new ArrayList<>(nodes.names());
    all.add(nodeId);
    return all;
  }

  @Override
  public boolean isActive() {
    return active;
  }

  // Joining and leaving

  /** Waits for nobody: hosts start in any order. */
  @Override
  public void join(Completable<Void> promise) {
    VertxInternal bootstrapped = required(vertx);
    Context own = bootstrapped.createEventLoopContext();
    context = own;
    onContext(
        own,
        promise,
        () -> {
          Links made = new Links(bootstrapped, options, this::own, this::heard, this::closed);
          links = made;
          return made.listen().onSuccess(done -> active = true);
        });
  }

  /**
   * Called when the bus listens: now others may know, and not before with certificates in place.
   */
  @Override
  public void setNodeInfo(NodeInfo listening, Completable<Void> promise) {
    info = listening;
    onContext(
        required(context),
        promise,
        () -> {
          Future<Void> secured = Future.succeededFuture();
          if (options.certificates().isPresent()) {
            BusCertificates bus = BusCertificates.of(required(vertx), new BusTransport(options));
            certificates = bus;
            secured = bus.renew();
          }
          return secured.onSuccess(done -> required(links).start());
        });
  }

  @Override
  public void leave(Completable<Void> promise) {
    active = false;
    Context own = context;
    if (own == null) {
      promise.succeed();
      return;
    }
    onContext(
        own,
        promise,
        () -> {
          Links open = links;
          return open == null ? Future.succeededFuture() : open.close();
        });
  }

  /** New connections of bus and membership are made with the certificates in force now. */
  Future<Void> renewCertificates() {
    Promise<Void> renewed = Promise.promise();
    onContext(
        required(context),
        renewed,
        () -> {
          BusCertificates bus = certificates;
          Future<Void> first = required(links).renewCertificates();
          return bus == null ? first : first.compose(done -> bus.renew());
        });
    return renewed.future();
  }

  private static void onContext(
      Context context, Completable<Void> promise, Supplier<Future<Void>> work) {
    context.runOnContext(
        now -> {
          Future<Void> done;
          try {
            done = work.get();
          } catch (RuntimeException e) {
            done = Future.failedFuture(e);
          }
          done.onComplete(promise);
        });
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("not joined (expected: join before anything else)");
    }
    return value;
  }

  // What members say

  private Announcement own() {
    NodeInfo listening = required(info);
    return new Announcement(
        nodeId,
        sequence,
        options.hostId(),
        listening.host(),
        listening.port(),
        consumers.announced());
  }

  private void heard(NetSocket link, Announcement announcement) {
    if (!announcement.node().equals(nodeId)) {
      follow(nodes.heard(link, announcement));
    }
  }

  private void closed(NetSocket link) {
    follow(nodes.closed(link));
  }

  private void follow(Nodes.Change change) {
    NodeListener listener = nodeListener;
    change
        .joined()
        .ifPresent(
            member -> {
              LOG.info("{} has joined the bus", name(member));
              if (listener != null) {
                listener.nodeAdded(member.node());
              }
            });
    change.addresses().forEach(this::tellRegistrations);
    change
        .left()
        .ifPresent(
            member -> {
              LOG.info("{} has left the bus", name(member));
              if (listener != null) {
                listener.nodeLeft(member.node());
              }
            });
  }

  private static String name(Announcement member) {
    String who = member.hostId().isEmpty() ? "a guest" : member.hostId();
    return who + " at " + member.address() + ":" + member.port();
  }

  @Override
  public NodeInfo getNodeInfo() {
    return required(info);
  }

  @Override
  public void getNodeInfo(String node, Completable<NodeInfo> promise) {
    nodes
        .named(node)
        .ifPresentOrElse(
            member -> promise.succeed(member.info()),
            () -> promise.fail(new IllegalStateException(node + " has left the bus")));
  }

  // Consumers

  @Override
  public void addRegistration(String address, RegistrationInfo own, Completable<Void> promise) {
    change(address, promise, () -> consumers.add(address, own));
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo own, Completable<Void> promise) {
    change(address, promise, () -> consumers.remove(address, own));
  }

  private void change(String address, Completable<Void> promise, Runnable work) {
    onContext(
        required(context),
        promise,
        () -> {
          Set<String> before = consumers.announced();
          work.run();
          tellRegistrations(address);
          if (!before.equals(consumers.announced())) {
            sequence++;
            required(links).announce();
          }
          return Future.succeededFuture();
        });
  }

  private void tellRegistrations(String address) {
    RegistrationListener listener = registrationListener;
    if (listener != null && listener.wantsUpdatesFor(address)) {
      listener.registrationsUpdated(new RegistrationUpdateEvent(address, registrations(address)));
    }
  }

  private List<RegistrationInfo> registrations(String address) {
    List<RegistrationInfo> all = new ArrayList<>(consumers.of(address));
    all.addAll(nodes.registrations(address));
    return all;
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
    promise.succeed(registrations(address));
  }
}
