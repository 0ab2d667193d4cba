package io.aliecs.relay.testkit.kafka;

import io.aliecs.relay.testkit.FreePort;
import java.util.HashMap;
import java.util.Map;

/** The configuration of a small broker on one host, with {@link KafkaOptions} applied. */
record BrokerProperties(Map<String, String> asMap) {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  private static final String INTERNAL_LISTENER = "INTERNAL";

  /** Properties for {@code options}, whose port must not be 0. Takes two more free ports. */
  static BrokerProperties of(KafkaOptions options) {
    Map<String, String> all = new HashMap<>();
    all.put("node.id", String.valueOf(NODE_ID));
    all.put("process.roles", "broker,controller");
    all.put("log.dirs", options.dataDir().toString());
    all.put("auto.create.topics.enable", "false");
    putListeners(all, options);
    putInternalTopics(all);
    putSmallFootprint(all);
    all.putAll(options.overrides());
    return new BrokerProperties(Map.copyOf(all));
  }

  private static void putListeners(Map<String, String> all, KafkaOptions options) {
    int controller = FreePort.find();
    String internal = listener(INTERNAL_LISTENER, FreePort.find());
    int advertised = options.advertisedPort() == 0 ? options.port() : options.advertisedPort();
    all.put(
        "listeners",
        String.join(
            ",",
            listener(EmbeddedKafka.CLIENT_LISTENER, options.port()),
            internal,
            listener(CONTROLLER_LISTENER, controller)));
    all.put(
        "advertised.listeners",
        listener(EmbeddedKafka.CLIENT_LISTENER, advertised) + "," + internal);
    all.put(
        "listener.security.protocol.map",
        "CLIENTS:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
    all.put("inter.broker.listener.name", INTERNAL_LISTENER);
    all.put("controller.listener.names", CONTROLLER_LISTENER);
    all.put("controller.quorum.voters", NODE_ID + "@" + EmbeddedKafka.HOST + ":" + controller);
  }

  private static void putInternalTopics(Map<String, String> all) {
    all.put("offsets.topic.num.partitions", "1");
    all.put("offsets.topic.replication.factor", "1");
    all.put("transaction.state.log.num.partitions", "1");
    all.put("transaction.state.log.replication.factor", "1");
    all.put("transaction.state.log.min.isr", "1");
    all.put("share.coordinator.state.topic.num.partitions", "1");
    all.put("share.coordinator.state.topic.replication.factor", "1");
    all.put("share.coordinator.state.topic.min.isr", "1");
    all.put("default.replication.factor", "1");
    all.put("min.insync.replicas", "1");
    all.put("group.initial.rebalance.delay.ms", "0");
  }

  private static void putSmallFootprint(Map<String, String> all) {
    // A broker that was killed is registered again only once its old session has ended; one that is
    // starved for longer than that loses its partitions for a moment.
    all.put("broker.session.timeout.ms", "6000");
    all.put("broker.heartbeat.interval.ms", "500");
    all.put("num.network.threads", "2");
    all.put("num.io.threads", "4");
    all.put("background.threads", "2");
    // Without end by default.
    all.put("server.max.startup.time.ms", "60000");
    // Its default alone takes 128 MiB of heap.
    all.put("log.cleaner.dedupe.buffer.size", "4194304");
    all.put("log.index.size.max.bytes", "1048576");
  }

  private static String listener(String name, int port) {
    return name + "://" + EmbeddedKafka.HOST + ":" + port;
  }
}
