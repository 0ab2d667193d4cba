package io.aliecs.relay.lab.verify.hosts;

import io.aliecs.relay.lab.Await;
import io.aliecs.relay.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The control hosts, each a process of its own. For one thread at a time. */
public final class RelayHosts implements AutoCloseable {
  /** An older relay, which an upgrade begins with, takes the two ports behind as well. */
  private static final int PORTS_APART = 3;

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final List<RelayProcess> hosts = new ArrayList<>();
  private final @Nullable Network network;

  /**
   * @param network to put them into; null for this machine's loopback
   */
  public RelayHosts(
      Path data, String consul, int count, @Nullable Network network, Map<String, String> more) {
    this.network = network;
    Map<String, Address> addresses = new TreeMap<>();
    Map<String, Integer> ports = new HashMap<>();
    int first = FreePort.find(PORTS_APART * count);
    for (int i = 1; i <= count; i++) {
      addresses.put("relay-" + i, network == null ? Address.LOOPBACK : Network.address(i));
      ports.put("relay-" + i, first + PORTS_APART * (i - 1));
    }
    String list =
        addresses.entrySet().stream()
            .map(
                host ->
                    host.getKey() + "=" + host.getValue().hosts() + ":" + ports.get(host.getKey()))
            .collect(Collectors.joining(","));
    addresses.forEach(
        (id, address) -> {
          Map<String, String> settings = new HashMap<>(more);
          settings.put("cluster.hosts", list);
          settings.put("cluster.plain-text", "true");
          hosts.add(new RelayProcess(data, id, address, consul, settings));
        });
  }

  public List<RelayProcess> all() {
    return hosts;
  }

  public void start() throws IOException {
    for (RelayProcess host : hosts) {
      host.start();
    }
  }

  /**
   * Cuts a host off from the others.
   *
   * @param fromKafka whether from Kafka and Consul as well
   */
  public void cut(RelayProcess host, boolean fromKafka) throws IOException, InterruptedException {
    network().cut(hosts.indexOf(host) + 1, fromKafka);
  }

  /** Connects it again. */
  public void heal(RelayProcess host) throws IOException, InterruptedException {
    network().heal(hosts.indexOf(host) + 1);
  }

  private Network network() {
    if (network == null) {
      throw new IllegalStateException("no network to cut (expected: one for each host)");
    }
    return network;
  }

  /** The host that leads: of those that say so, the one with the highest term. Waits for one. */
  public RelayProcess leader() throws InterruptedException {
    List<RelayProcess> found = new ArrayList<>();
    Await.need(
        LIMIT,
        "a host leads; see " + hosts.get(0).log(),
        () -> {
          found.addAll(hosts.stream().filter(RelayHosts::leads).toList());
          return !found.isEmpty();
        });
    return found.stream().max(Comparator.comparing(RelayHosts::term)).orElseThrow();
  }

  private static boolean leads(RelayProcess host) {
    return host.metric("relay_leading").orElse(0) == 1;
  }

  private static double term(RelayProcess host) {
    return host.metric("relay_cluster_term").orElse(-1);
  }

  /** Waits until every host runs, is in touch with the leader and has all of the journal. */
  public void awaitWhole() throws InterruptedException {
    for (RelayProcess host : hosts) {
      Await.need(
          LIMIT,
          "relay_cluster_current 1, relay_cluster_behind 0; see " + host.log(),
          () ->
              host.metric("relay_cluster_current").orElse(0) == 1
                  && host.metric("relay_cluster_behind").orElse(-1) == 0
                  && host.metric("relay_journal_index").orElse(-1) >= 0);
    }
    leader();
  }

  @Override
  public void close() {
    hosts.forEach(RelayProcess::close);
  }
}
