package io.aliecs.relay.testkit.kafka;

import io.aliecs.relay.testkit.FreePort;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A broker in a process of its own that lets nobody do what an access control list does not allow,
 * with passwords (SASL/SCRAM) or certificates (mutual TLS). Beside it listens an open door for
 * whoever tests: there everything is allowed.
 *
 * <p>Its methods block and are for one thread at a time.
 */
public final class SecuredKafka implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 30;
  private static final String LISTENER =
      "listener.name." + EmbeddedKafka.CLIENT_LISTENER.toLowerCase(java.util.Locale.ROOT) + ".";

  private final KafkaProcess process;
  private final String openDoor;
  private final Admin admin;

  private SecuredKafka(KafkaProcess process, String openDoor) {
    this.process = process;
    this.openDoor = openDoor;
    this.admin = Admin.create(Map.of("bootstrap.servers", openDoor));
  }

  /** Clients show a password, by SASL with SCRAM-SHA-256, in plain text. */
  public static SecuredKafka withPasswords(Path dataDir) {
    String module = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
    return start(
        KafkaOptions.in(dataDir)
            .with("sasl.enabled.mechanisms", "SCRAM-SHA-256")
            .with(LISTENER + "sasl.enabled.mechanisms", "SCRAM-SHA-256")
            .with(LISTENER + "scram-sha-256.sasl.jaas.config", module),
        "SASL_PLAINTEXT");
  }

  /**
   * Clients show a certificate, by mutual TLS.
   *
   * @param password of both stores, which are of type PKCS12
   */
  public static SecuredKafka withCertificates(
      Path dataDir, Path keyStore, Path trustStore, String password) {
    return start(
        KafkaOptions.in(dataDir)
            .with(LISTENER + "ssl.client.auth", "required")
            .with(LISTENER + "ssl.keystore.type", "PKCS12")
            .with(LISTENER + "ssl.keystore.location", keyStore.toString())
            .with(LISTENER + "ssl.keystore.password", password)
            .with(LISTENER + "ssl.key.password", password)
            .with(LISTENER + "ssl.truststore.type", "PKCS12")
            .with(LISTENER + "ssl.truststore.location", trustStore.toString())
            .with(LISTENER + "ssl.truststore.password", password),
        "SSL");
  }

  private static SecuredKafka start(KafkaOptions options, String protocol) {
    int port = FreePort.find();
    int controller = FreePort.find();
    String clients = EmbeddedKafka.CLIENT_LISTENER + "://127.0.0.1:" + port;
    String openDoor = "127.0.0.1:" + FreePort.find();
    KafkaProcess process =
        KafkaProcess.start(
            options
                .onPort(port)
                .with(
                    "listeners",
                    clients
                        + ",INTERNAL://"
                        + openDoor
                        + ","
                        + BrokerProperties.CONTROLLER_LISTENER
                        + "://127.0.0.1:"
                        + controller)
                .with("advertised.listeners", clients + ",INTERNAL://" + openDoor)
                .with(
                    "controller.quorum.voters",
                    BrokerProperties.NODE_ID + "@127.0.0.1:" + controller)
                .with(
                    "listener.security.protocol.map",
                    "CLIENTS:" + protocol + ",INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT")
                .with(
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("super.users", "User:ANONYMOUS"));
    return new SecuredKafka(process, openDoor);
  }

  /** Where clients connect to, as {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return process.bootstrapServers();
  }

  /** The same for whoever tests: without security, and everything is allowed. */
  public String openDoor() {
    return openDoor;
  }

  /** Makes the user if there is none; connections that are open stay open. */
  public void setPassword(String user, String password) {
    ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4_096);
    await(
        admin
            .alterUserScramCredentials(
                List.of(new UserScramCredentialUpsertion(user, info, password)))
            .all());
  }

  /** Ends all connections by starting the broker again. */
  public void restart() {
    process.restart();
  }

  /** Has new connections shown another certificate of the broker's. */
  public void useKeyStore(Path keyStore) {
    ConfigResource broker =
        new ConfigResource(ConfigResource.Type.BROKER, String.valueOf(BrokerProperties.NODE_ID));
    AlterConfigOp op =
        new AlterConfigOp(
            new ConfigEntry(LISTENER + "ssl.keystore.location", keyStore.toString()),
            AlterConfigOp.OpType.SET);
    await(admin.incrementalAlterConfigs(Map.of(broker, List.of(op))).all());
  }

  /** Allows operations on everything of a type whose name begins like that. */
  public void allow(
      String principal, ResourceType type, String beginning, AclOperation... operations) {
    await(admin.createAcls(bindings(principal, type, beginning, true, operations)).all());
  }

  /** Forbids an operation on one resource, whatever else allows it. */
  public void forbid(String principal, ResourceType type, String name, AclOperation operation) {
    await(admin.createAcls(bindings(principal, type, name, false, operation)).all());
  }

  /** Takes {@link #forbid} back. */
  public void forbidNoMore(
      String principal, ResourceType type, String name, AclOperation operation) {
    await(
        admin
            .deleteAcls(
                bindings(principal, type, name, false, operation).stream()
                    .map(AclBinding::toFilter)
                    .toList())
            .all());
  }

  /** Takes all topics and all rights away, as if it were new; users keep their passwords. */
  public void clear() {
    await(admin.deleteAcls(List.of(AclBindingFilter.ANY)).all());
    await(admin.deleteTopics(await(admin.listTopics().names())).all());
  }

  private static Collection<AclBinding> bindings(
      String principal,
      ResourceType type,
      String name,
      boolean allowed,
      AclOperation... operations) {
    PatternType pattern = allowed ? PatternType.PREFIXED : PatternType.LITERAL;
    AclPermissionType permission = allowed ? AclPermissionType.ALLOW : AclPermissionType.DENY;
    return List.of(operations).stream()
        .map(
            operation ->
                new AclBinding(
                    new ResourcePattern(type, name, pattern),
                    new AccessControlEntry("User:" + principal, "*", operation, permission)))
        .toList();
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new IllegalStateException("Kafka did not do it: " + failed.getMessage(), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Kafka", interrupted);
    }
  }

  @Override
  public void close() {
    admin.close(java.time.Duration.ofSeconds(1));
    process.close();
  }
}
