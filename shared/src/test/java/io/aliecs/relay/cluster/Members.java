package io.aliecs.relay.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.aliecs.relay.settings.BusOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.tls.ClusterCertificates;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Members of a bus on loopback, each a Vert.x of its own. For one thread. */
final class Members implements AutoCloseable {
  static final String ADDRESS = "test.address";

  private final List<ClusteredBus> open = new ArrayList<>();

  static ConditionFactory await() {
    return Awaitility.await().atMost(60, SECONDS);
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, SECONDS);
  }

  ClusteredBus host(String id, List<ClusterHost> hosts, ClusterCertificates... certificates)
      throws Exception {
    ClusterHost self =
        hosts.stream().filter(host -> host.id().equals(id)).findFirst().orElseThrow();
    return join(BusOptions.host(self, hosts, Optional.ofNullable(first(certificates))));
  }

  ClusteredBus guest(List<ClusterHost> hosts, ClusterCertificates... certificates)
      throws Exception {
    return join(BusOptions.guest("127.0.0.1", 0, hosts, Optional.ofNullable(first(certificates))));
  }

  private static ClusterCertificates first(ClusterCertificates... certificates) {
    return certificates.length == 0 ? null : certificates[0];
  }

  ClusteredBus join(BusOptions options) throws Exception {
    VertxOptions small = new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(2);
    ClusteredBus bus = get(ClusteredBus.join(small, options));
    open.add(bus);
    return bus;
  }

  static MessageConsumer<String> consume(ClusteredBus bus, String answer) throws Exception {
    MessageConsumer<String> consumer = bus.vertx().eventBus().consumer(ADDRESS);
    consumer.handler(message -> message.reply(answer));
    get(consumer.completion());
    return consumer;
  }

  /** What a request is answered with, or the failure as text. */
  static String ask(ClusteredBus bus) {
    try {
      return get(
          bus.vertx()
              .eventBus()
              .<String>request(ADDRESS, "?", new DeliveryOptions().setSendTimeout(5_000))
              .map(reply -> reply.body()));
    } catch (Exception e) {
      return String.valueOf(e.getCause() == null ? e : e.getCause());
    }
  }

  static void awaitAnswer(ClusteredBus bus, String answer) {
    await().until(() -> ask(bus), answer::equals);
  }

  static void awaitHosts(ClusteredBus bus, String... ids) {
    await().until(bus::hosts, Set.of(ids)::equals);
  }

  @Override
  public void close() throws Exception {
    for (ClusteredBus bus : open) {
      get(bus.vertx().close());
    }
  }
}
