package io.aliecs.relay.membership;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ClusterStatus;
import io.aliecs.relay.bus.ClusterStatus.Member;
import io.aliecs.relay.bus.ComponentStatus;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.settings.BusOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipVerticleTest {
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private volatile Set<String> present = Set.of("a");
  private String deployed;

  @BeforeEach
  void deploy() throws Exception {
    LocalRecords.register(vertx);
    List<ClusterHost> hosts = ClusterHost.list("a=127.0.0.1:8701, b=127.0.0.1:8711");
    BusOptions options = BusOptions.host(hosts.get(0), hosts, Optional.empty());
    Clock clock = Clock.fixed(Instant.ofEpochMilli(1), ZoneOffset.UTC);
    deployed =
        get(vertx.deployVerticle(new MembershipVerticle(options, () -> present, meters, clock)));
  }

  @AfterEach
  void close() throws Exception {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }

  private ComponentStatus status() throws Exception {
    return get(
        vertx
            .eventBus()
            .<ComponentStatus>request(BusAddresses.BUS_STATUS, null, LocalRecords.LOCAL)
            .map(reply -> reply.body()));
  }

  @Test
  void names_the_hosts_of_the_list_that_are_missing_while_the_journal_is_not_open()
      throws Exception {
    assertThat(status()).isEqualTo(new ComponentStatus(false, "incomplete", "b missing", 1));
    present = Set.of("a", "b");
    assertThat(status()).isEqualTo(new ComponentStatus(true, "whole", "every host is there", 1));
  }

  @Test
  void expects_the_hosts_that_the_journal_knows() throws Exception {
    List<Member> members = List.of(new Member("a", "", 0, 0), new Member("c", "", 0, 0));
    ClusterStatus journal = new ClusterStatus("a", "c", false, 1, true, 0, 0, 0, members);
    vertx
        .eventBus()
        .localConsumer(BusAddresses.CLUSTER_STATUS, m -> m.reply(journal, LocalRecords.LOCAL));
    assertThat(status().reason()).isEqualTo("c missing");
    present = Set.of("a", "c");
    assertThat(status().healthy()).isTrue();
  }

  @Test
  void counts_the_hosts_that_are_there_as_long_as_it_runs() throws Exception {
    assertThat(meters.get("relay.cluster.bus.members").gauge().value()).isEqualTo(1);
    present = Set.of("a", "b");
    assertThat(meters.get("relay.cluster.bus.members").gauge().value()).isEqualTo(2);
    get(vertx.undeploy(deployed));
    assertThat(meters.find("relay.cluster.bus.members").gauge()).isNull();
  }
}
