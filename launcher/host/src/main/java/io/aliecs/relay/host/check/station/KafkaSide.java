package io.aliecs.relay.host.check.station;

import io.aliecs.relay.host.check.station.Finding.Level;
import io.aliecs.relay.kafka.ClientFailure;
import io.aliecs.relay.kafka.FailureKind;
import io.aliecs.relay.settings.KafkaClientProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What is the same for the brokers that are published to and for those that are read from.
 *
 * @param prefix of the ids of findings
 * @param servers brokers as {@code host:port}
 * @param origin where they are set
 * @param properties of the clients
 */
record KafkaSide(
    String prefix, List<String> servers, String origin, KafkaClientProperties properties) {

  /** Whether the brokers are there; behind findings without a good one nothing can be asked. */
  List<Finding> brokers(Executor threads) {
    List<Reach> tried = Reach.of(servers, threads);
    boolean one = tried.stream().anyMatch(Reach::isReached);
    List<Finding> findings = new ArrayList<>();
    for (Reach broker : tried) {
      findings.add(
          broker.isReached()
              ? Finding.ok(prefix + ".broker", "broker " + broker.address() + " is reached")
              : unreached(broker, one ? Level.WARNING : Level.FAILED));
    }
    return findings;
  }

  private Finding unreached(Reach broker, Level level) {
    boolean named = broker.outcome() != Reach.Outcome.NO_SUCH_NAME;
    return new Finding(
        prefix + (named ? ".broker-port" : ".broker-name"),
        level,
        "broker " + broker.address(),
        broker.why(),
        named ? "a Kafka broker that listens there" : "a name that this host can look up",
        named
            ? "start that broker, open the way to it, or correct " + origin
            : "correct " + origin + ", or the name service");
  }

  /** That the brokers answer this user. */
  Finding letIn(int brokers) {
    String who = properties.principal();
    String protocol = properties.asGiven().getOrDefault("security.protocol", "PLAINTEXT");
    return Finding.ok(
        prefix + ".login",
        "Kafka lets in "
            + who
            + (who.contains(protocol) ? "" : " by " + protocol)
            + "; brokers: "
            + brokers);
  }

  /** Why a client does not work. */
  Finding failure(Throwable failure) {
    String why = new ClientFailure(properties, "").reason(failure);
    String clients = "Kafka at " + String.join(", ", servers);
    if (ClientFailure.isTls(failure)) {
      return Finding.failed(
          prefix + ".tls",
          clients,
          why,
          "renew the certificate that is not valid any more, or name the authority that has signed"
              + " it in kafka.client.ssl.truststore.location");
    }
    return switch (FailureKind.of(failure)) {
      case AUTHENTICATION ->
          Finding.failed(
              prefix + ".login",
              clients,
              why,
              "write name and password into the file of kafka.client.sasl.jaas.config-file, or set"
                  + " them in Kafka; no restart");
      case AUTHORIZATION ->
          Finding.failed(
              prefix + ".rights",
              clients,
              why,
              "grant it: \"Rights and secrets in Kafka\" in docs/operating.md");
      case TIMEOUT, BROKER, ADDRESS ->
          Finding.failed(
              prefix + ".answer",
              clients,
              FailureKind.of(failure) == FailureKind.TIMEOUT ? "no answer in time" : why,
              "an answer of Kafka, over the protocol of kafka.client.security.protocol, and"
                  + " advertised.listeners that this host reaches",
              "look at that broker, its listeners, and kafka.client.security.protocol of this host");
      default ->
          Finding.failed(
              prefix + ".client",
              "settings kafka.client.*",
              why,
              "correct that setting of this host, or the file that it names");
    };
  }
}
