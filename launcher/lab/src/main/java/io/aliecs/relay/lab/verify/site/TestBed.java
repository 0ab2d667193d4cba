package io.aliecs.relay.lab.verify.site;

import io.aliecs.relay.lab.Await;
import io.aliecs.relay.lab.simulate.SimulatedCore;
import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.ReadRecord;
import io.aliecs.relay.lab.verify.expected.ExpectedRepeats;
import io.aliecs.relay.lab.verify.hosts.Network;
import io.aliecs.relay.lab.verify.hosts.RelayHosts;
import io.aliecs.relay.lab.verify.hosts.RelayProcess;
import io.aliecs.relay.lab.verify.hosts.SteppedClock;
import io.aliecs.relay.lab.verify.load.LoadWriter;
import io.aliecs.relay.lab.verify.plan.Fault;
import io.aliecs.relay.lab.verify.plan.VerifyOptions;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.testkit.FakeCore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Brokers, Consul, the relay, a load and readers, each as it is in production: a process of its
 * own, or a client over the network. For one thread at a time.
 */
public final class TestBed implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private final Deque<Runnable> open = new ArrayDeque<>();
  private final List<Broker> brokers = new ArrayList<>();
  private final List<LogReader> readers = new ArrayList<>();
  private final ConsulServer consul;
  private final RelayHosts hosts;
  private final LoadWriter load;
  private final @Nullable ResendRequests resends;
  private final @Nullable SteppedClock clock;
  private final @Nullable FakeCore core;

  private TestBed(VerifyOptions options)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Files.createDirectories(options.data());
    Network network = options.fault().isSplit() ? Network.open(options.hosts()) : null;
    if (network != null) {
      open.push(network::close);
    }
    ConsulServer keys =
        network == null
            ? ConsulServer.start(options.data().resolve("consul"))
            : ConsulServer.standIn(Network.SITE);
    consul = opened(keys, keys::close);
    addBroker("kafka", options);
    if (options.fault().moves()) {
      addBroker("other", options);
    }
    Broker main = brokers.get(0);
    Broker stream = options.streamApart() ? startBroker("stream", options) : main;
    consul.enableNewEnvironments();
    consul.turnOn(main);
    core = options.fault().asksCore() ? startCore() : null;
    LoadWriter writer =
        LoadWriter.start(stream.bootstrapServers(), options, new SimulatedCore(core));
    load = opened(writer, writer::close);
    Map<String, String> more = new HashMap<>(options.settings());
    if (core != null) {
      more.put("aliecs.core", core.address());
      more.putIfAbsent("aliecs.core-interval", "1000");
    }
    more.put("ingest.bootstrap-servers", stream.bootstrapServers());
    more.put("http.token-file", ResendRequests.token(options.data()).toString());
    RelayHosts relays =
        new RelayHosts(options.data(), consul.address(), options.hosts(), network, more);
    hosts = opened(relays, relays::close);
    options.from().ifPresent(jars -> hosts.all().forEach(host -> host.use(jars)));
    resends = takesResends(options) ? resends(options) : null;
    clock = options.fault() == Fault.STEP_CLOCK ? SteppedClock.in(options.data()) : null;
    if (clock != null) {
      hosts.all().forEach(host -> host.environment(clock.environment()));
    }
    hosts.start();
    for (Broker broker : brokers) {
      for (Isolation isolation : Isolation.values()) {
        LogReader reader = LogReader.start(broker, isolation);
        readers.add(opened(reader, reader::close));
      }
    }
  }

  /** Starts everything and waits until the relay publishes. */
  public static TestBed start(VerifyOptions options)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    TestBed bed = new TestBed(options);
    if (bed.core != null) { // each message is then of what this relay has followed
      Await.need(START_LIMIT, "first list; see " + options.data(), () -> bed.committedCount() > 0);
      bed.load.resume();
    }
    Await.need(
        START_LIMIT, "first message; see " + options.data(), () -> bed.newestCommitted() > 0);
    if (bed.resends != null) {
      bed.resends.start();
    }
    return bed;
  }

  /** A token is good on loopback, and none is to ask for it while an older relay is there. */
  private static boolean takesResends(VerifyOptions options) {
    return !options.fault().isSplit() && options.from().isEmpty();
  }

  private ResendRequests resends(VerifyOptions options) {
    ResendRequests requests = new ResendRequests(hosts.all(), load, options.seed());
    return opened(requests, requests::close);
  }

  private void addBroker(String name, VerifyOptions options) {
    brokers.add(startBroker(name, options));
  }

  private Broker startBroker(String name, VerifyOptions options) {
    Path folder = options.data().resolve(name);
    Broker broker =
        options.fault().isSplit()
            ? Broker.start(name, folder, Network.SITE)
            : Broker.start(name, folder, options.fault().isOnTheWire());
    return opened(broker, broker::close);
  }

  private FakeCore startCore() throws TimeoutException {
    Vertx vertx = Vertx.vertx();
    open.push(vertx::close);
    return FakeCore.start(vertx, 0).await(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private <T> T opened(T resource, Runnable close) {
    open.push(close);
    return resource;
  }

  public Broker broker() {
    return brokers.get(0);
  }

  /** The other one, with faults that move only. */
  public Broker other() {
    return brokers.get(1);
  }

  public ConsulServer consul() {
    return consul;
  }

  public RelayHosts hosts() {
    return hosts;
  }

  /** The only host, or the first of several. */
  public RelayProcess relay() {
    return hosts.all().get(0);
  }

  /** The clock of the relay's host, with {@link Fault#STEP_CLOCK} only. */
  public SteppedClock clock() {
    if (clock == null) {
      throw new IllegalStateException("no clock (expected: a fault that steps it)");
    }
    return clock;
  }

  /** AliECS's core over gRPC, with {@link Fault#LOSE_EVENTS} only. */
  public FakeCore core() {
    if (core == null) {
      throw new IllegalStateException("no core (expected: a fault that asks it)");
    }
    return core;
  }

  public LoadWriter load() {
    return load;
  }

  /** Has nothing published once more from now on; what was asked for until now. */
  public ExpectedRepeats endResends() throws InterruptedException {
    return resends == null ? ExpectedRepeats.NONE : resends.finish();
  }

  /** Latest time of a change that a {@code read_committed} reader has read, ms since epoch. */
  public long newestCommitted() {
    return readers(Isolation.READ_COMMITTED).stream().mapToLong(LogReader::newest).max().orElse(0);
  }

  /** The runs of the newest list that a {@code read_committed} reader has read. */
  public List<EnvInfo> newestList() {
    return readers(Isolation.READ_COMMITTED).get(0).newestList();
  }

  /** How many records {@code read_committed} readers have read. */
  public int committedCount() {
    return readers(Isolation.READ_COMMITTED).stream().mapToInt(LogReader::count).sum();
  }

  /** What the readers of that kind have read. */
  public List<ReadRecord> records(Isolation isolation) {
    return readers(isolation).stream().flatMap(reader -> reader.records().stream()).toList();
  }

  /** Whether every reader has read everything; of an open transaction nothing is left. */
  public boolean isReadToEnd() {
    List<LogReader> committed = readers(Isolation.READ_COMMITTED);
    List<LogReader> uncommitted = readers(Isolation.READ_UNCOMMITTED);
    for (int i = 0; i < committed.size(); i++) {
      LogReader one = committed.get(i);
      LogReader two = uncommitted.get(i);
      boolean unused = one.count() == 0 && two.count() == 0 && i > 0;
      if (!unused && !(one.isAtEnd() && two.isAtEnd() && one.positions().equals(two.positions()))) {
        return false;
      }
    }
    return true;
  }

  private List<LogReader> readers(Isolation isolation) {
    return readers.stream().filter(reader -> reader.isolation() == isolation).toList();
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().run();
    }
  }
}
