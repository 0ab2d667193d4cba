package io.aliecs.relay.publisher;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.aliecs.relay.publisher.topics.TopicLimit;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.testkit.kafka.SecuredKafka;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a broker refuses, told with names, without secrets, and mended without a restart. */
@Tag("slow")
class PublisherSecurityTest {
  private static final String FIRST_SECRET = "ancient-Secret-1";
  private static final String SECOND_SECRET = "modern-Secret-2";
  private static final String TRANSACTIONAL_ID_OF_HOST = "relay-switch";

  /** With passwords: one for all tests, empty for each. */
  private static SecuredKafka withPasswords;

  @TempDir Path folder;
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private SecuredKafka kafka;
  private PublishingHost host;
  private int lives;

  @BeforeAll
  static void startKafka(@TempDir Path folder) {
    withPasswords = SecuredKafka.withPasswords(folder);
  }

  @AfterAll
  static void stopKafka() {
    withPasswords.close();
  }

  @BeforeEach
  void listen() {
    logged.start();
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(logged);
    // Kafka's clients tell all their properties at this level.
    Logger clients = logger("org.apache.kafka");
    clients.setLevel(Level.INFO);
    clients.setAdditive(false);
    clients.addAppender(logged);
  }

  @AfterEach
  void stop() throws Exception {
    if (host != null) {
      host.close();
    }
    if (kafka != null && kafka != withPasswords) {
      kafka.close();
    }
    withPasswords.clear();
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(logged);
    Logger clients = logger("org.apache.kafka");
    clients.detachAppender(logged);
    clients.setAdditive(true);
    clients.setLevel(Level.OFF);
  }

  @Test
  void aPasswordThatWasRotatedIsReadFromItsFileAgain() throws Exception {
    // Of its own: one that starts again has the limits of topics that are long gone.
    Path password = startWith(SecuredKafka.withPasswords(folder.resolve("kafka")));
    kafka.allow("relay", TOPIC, "aliecs.", CREATE, DESCRIBE, READ, WRITE);
    host.settle(true, kafka.bootstrapServers());
    publishALife();

    kafka.setPassword("relay", SECOND_SECRET);
    kafka.restart();
    sendALife();
    awaitFailing("user relay", "does not let in", "password");
    write(password, SECOND_SECRET);
    recovered();
  }

  @Test
  void aJaasFileThatIsNonsenseOrMissingIsNamedAndNeverQuoted() throws Exception {
    Path password = startWithPasswords();
    kafka.allow("relay", TOPIC, "aliecs.", CREATE, DESCRIBE, READ, WRITE);
    Files.writeString(password, "Module required password=" + FIRST_SECRET + " " + SECOND_SECRET);
    host.settle(true, kafka.bootstrapServers());
    sendALife();
    awaitFailing("kafka.client.sasl.jaas.config", "expected");
    Files.delete(password);
    awaitFailing("kafka.client.sasl.jaas.config-file", "cannot be read");
    write(password, FIRST_SECRET);
    recovered();
  }

  @Test
  void aRightToWriteThatWasRevokedIsNamedWithTopicAndUser() throws Exception {
    startWithPasswords();
    kafka.allow("relay", TOPIC, "aliecs.", CREATE, DESCRIBE, READ, WRITE);
    host.settle(true, kafka.bootstrapServers());
    publishALife();

    kafka.forbid("relay", TOPIC, "aliecs.env_state.RUNNING", WRITE);
    sendALife();
    host.awaitStatus(
        s ->
            !s.healthy()
                && s.reason().contains("user relay")
                && s.reason().contains("aliecs.env_state.RUNNING"));
    sendALife();
    kafka.forbidNoMore("relay", TOPIC, "aliecs.env_state.RUNNING", WRITE);
    awaitAllOut();
    new PublishedAudit().read(kafka.openDoor()).assertComplete(host.state());
    assertNoSecretLogged();
  }

  @Test
  void aTransactionalIdThatWasRevokedIsNamed() throws Exception {
    startWithPasswords();
    kafka.allow("relay", TOPIC, "aliecs.", CREATE, DESCRIBE, READ, WRITE);
    host.settle(true, kafka.bootstrapServers());
    publishALife();

    kafka.forbid("relay", TRANSACTIONAL_ID, TRANSACTIONAL_ID_OF_HOST, WRITE);
    sendALife();
    awaitFailing("user relay", "transactional.id " + TRANSACTIONAL_ID_OF_HOST);
    kafka.forbidNoMore("relay", TRANSACTIONAL_ID, TRANSACTIONAL_ID_OF_HOST, WRITE);
    recovered();
  }

  @Test
  void topicsThatMayNotBeMadeAreNamed() throws Exception {
    startWithPasswords();
    kafka.allow("relay", TOPIC, "aliecs.", DESCRIBE, READ, WRITE);
    host.settle(true, kafka.bootstrapServers());
    sendALife();
    awaitFailing("user relay", "aliecs.relay.watermark", "Create");
    kafka.allow("relay", TOPIC, "aliecs.", CREATE);
    recovered();
  }

  @Test
  void aTopicThatIsMissingAndMayNotBeMadeHoldsUpNoOther() throws Exception {
    startWithPasswords();
    kafka.allow("relay", TOPIC, "aliecs.", CREATE, DESCRIBE, READ, WRITE);
    kafka.forbid("relay", TOPIC, "aliecs.env_state.RUNNING", CREATE);
    host.settle(true, kafka.bootstrapServers());
    sendALife();
    host.awaitStatus(
        s ->
            !s.healthy()
                && s.state().equals("publishing")
                && s.reason().contains("aliecs.env_state.RUNNING is missing")
                && s.reason().contains("user relay"));
    host.awaitState(s -> s.outbox().size() == 0 && s.outbox().parked().size() == 1);

    kafka.forbidNoMore("relay", TOPIC, "aliecs.env_state.RUNNING", CREATE);
    awaitAllOut();
    new PublishedAudit().read(kafka.openDoor()).assertComplete(host.state());
    assertNoSecretLogged();
  }

  @Test
  void aLimitThatItMayNotKnowIsFoundOutByTrying() throws Exception {
    startWithPasswords();
    kafka.allow("relay", TOPIC, "aliecs.", CREATE, DESCRIBE, READ, WRITE);
    host.settle(true, kafka.bootstrapServers());
    publishALife();
    host.settle(false, kafka.bootstrapServers());
    TopicLimit.set(kafka.openDoor(), "aliecs.env_state.STANDBY", 100);
    host.settle(true, kafka.bootstrapServers());
    publishALife();

    assertThat(host.state().outbox().parked().values())
        .singleElement()
        .satisfies(parked -> assertThat(parked.topic()).isEqualTo("aliecs.env_state.STANDBY"));
    host.awaitStatus(s -> !s.healthy() && s.reason().contains("is parked"));
    assertNoSecretLogged();
  }

  @Test
  void anExpiredCertificateOfOursIsReadFromDiskAgain() throws Exception {
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("ca"), FIRST_SECRET);
    Path own = folder.resolve("own.p12");
    Files.copy(authority.issue("relay", true), own);
    startWithCertificates(authority, authority.issue("broker", false), own);
    host.settle(true, kafka.bootstrapServers());
    sendALife();
    awaitFailing("own.p12", "no TLS", "certificates that are valid");
    Files.copy(authority.issue("relay", false), own, StandardCopyOption.REPLACE_EXISTING);
    recovered();
  }

  @Test
  void anExpiredCertificateOfTheBrokerIsTakenOnceItIsRenewed() throws Exception {
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("ca"), FIRST_SECRET);
    startWithCertificates(
        authority, authority.issue("broker", true), authority.issue("relay", false));
    host.settle(true, kafka.bootstrapServers());
    sendALife();
    awaitFailing("no TLS", "NotAfter");
    kafka.useKeyStore(authority.issue("broker", false));
    recovered();
  }

  private Path startWithPasswords() throws Exception {
    return startWith(withPasswords);
  }

  private Path startWith(SecuredKafka started) throws Exception {
    kafka = started;
    kafka.setPassword("relay", FIRST_SECRET);
    kafka.allow("relay", TRANSACTIONAL_ID, "relay", DESCRIBE, WRITE);
    Path password = folder.resolve("jaas");
    write(password, FIRST_SECRET);
    host =
        new PublishingHost(
            folder.resolve("journal"),
            new KafkaClientProperties(
                Map.of(
                    "security.protocol",
                    "SASL_PLAINTEXT",
                    "sasl.mechanism",
                    "SCRAM-SHA-256",
                    "sasl.jaas.config-file",
                    password.toString())));
    return password;
  }

  private static void write(Path file, String password) throws Exception {
    Files.writeString(
        file,
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"relay\""
            + " password=\""
            + password
            + "\";\n");
  }

  private void startWithCertificates(CertificateAuthority authority, Path broker, Path own)
      throws Exception {
    kafka =
        SecuredKafka.withCertificates(
            folder.resolve("kafka"), broker, authority.trustStore(), FIRST_SECRET);
    kafka.allow("CN=relay", TOPIC, "aliecs.", CREATE, DESCRIBE, READ, WRITE);
    kafka.allow("CN=relay", TRANSACTIONAL_ID, "relay", DESCRIBE, WRITE);
    Path password = folder.resolve("store-password");
    Files.writeString(password, FIRST_SECRET + "\n");
    host =
        new PublishingHost(
            folder.resolve("journal"),
            new KafkaClientProperties(
                Map.of(
                    "security.protocol",
                    "SSL",
                    "ssl.keystore.type",
                    "PKCS12",
                    "ssl.keystore.location",
                    own.toString(),
                    "ssl.keystore.password-file",
                    password.toString(),
                    "ssl.truststore.type",
                    "PKCS12",
                    "ssl.truststore.location",
                    authority.trustStore().toString(),
                    "ssl.truststore.password-file",
                    password.toString())));
  }

  private void sendALife() throws Exception {
    lives++;
    for (JsonObject event : host.life("env" + lives, 100 + lives)) {
      host.send(event).await();
    }
  }

  private void publishALife() throws Exception {
    sendALife();
    host.awaitPublishing();
    host.awaitDrained();
  }

  /** It says why, to people; and goes on taking events. */
  private void awaitFailing(String... words) throws Exception {
    host.awaitStatus(
        s ->
            !s.healthy()
                && s.state().equals("failing")
                && List.of(words).stream().allMatch(word -> s.reason().contains(word)));
    sendALife();
    assertThat(host.state().outbox().size()).isPositive();
  }

  /** All that was accepted is there once and in order, and no secret is in any line of the log. */
  private void recovered() throws Exception {
    awaitAllOut();
    new PublishedAudit().read(kafka.openDoor()).assertExact(host.state());
    assertNoSecretLogged();
  }

  /** All that was accepted is out, and nothing is wrong any more. */
  private void awaitAllOut() {
    host.awaitStatus(s -> s.healthy() && s.state().equals("publishing") && s.reason().isEmpty());
    host.awaitState(s -> s.outbox().size() == 0 && s.outbox().parked().isEmpty());
  }

  private void assertNoSecretLogged() {
    assertThat(List.copyOf(logged.list))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(text(event)).doesNotContain(FIRST_SECRET, SECOND_SECRET));
  }

  private static String text(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    return event.getFormattedMessage()
        + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown));
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }
}
