package io.aliecs.relay.host.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;

import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.host.check.station.Finding;
import io.aliecs.relay.host.check.station.SettingsStation;
import io.aliecs.relay.host.settings.SettingSources;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.testkit.FakeCore;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.consul.ConsulProcess;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import io.aliecs.relay.testkit.kafka.KafkaOptions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * All that a control host needs, in order: a broker with an open door and with locked ones, Consul
 * with access control, a core, and somebody who answers as a relay does. Tests break it, and what
 * they leave to {@link #afterwards} is mended.
 */
final class Site implements AutoCloseable {
  static final String NOWHERE = "no-such-host.invalid";
  static final String LIST = Topics.ACTIVE_RUNS;
  static final String WATERMARK = "aliecs.relay.watermark";
  private static final String USER = "relay";
  private static final String SECRET = "correct-Horse-1";

  private final Path folder;
  private final Vertx vertx;
  private final int sasl = FreePort.find();
  private final int open = FreePort.find();
  private final int tls = FreePort.find();
  private final int expiredTls = FreePort.find();
  private final Deque<Repair> repairs = new ArrayDeque<>();
  private final EmbeddedKafka kafka;
  private final Admin admin;
  private final ConsulProcess consul;
  private final String consulToken;
  private final FakeCore core;
  private final HttpServer relay;
  private JsonArray health = new JsonArray();

  final CertificateAuthority authority;

  /** Of this host, by name; mended before each look. */
  final Map<String, String> flags = new LinkedHashMap<>();

  final Map<String, String> environment = new LinkedHashMap<>();
  Path file;

  /** Puts something right again. */
  interface Repair {
    void run() throws Exception;
  }

  Site(Vertx vertx, Path folder) throws Exception {
    this.vertx = vertx;
    this.folder = folder;
    authority = new CertificateAuthority(folder.resolve("authority"), "123456");
    kafka = EmbeddedKafka.start(broker());
    admin = Admin.create(Map.of("bootstrap.servers", openDoor()));
    consul = ConsulProcess.withAcls(folder.resolve("consul"));
    consulToken = readingToken();
    core = FakeCore.start(vertx, 0).await();
    relay =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end(health()))
            .listen(0, "127.0.0.1")
            .await();
    makeTopics();
  }

  private KafkaOptions broker() {
    String old = authority.issue("old-broker", true).toString();
    String good = authority.issue("broker", false).toString();
    int controller = FreePort.find();
    String doors =
        String.format(
            "CLIENTS://127.0.0.1:%d,INTERNAL://127.0.0.1:%d,TLS://127.0.0.1:%d,OLD://127.0.0.1:%d",
            sasl, open, tls, expiredTls);
    return KafkaOptions.in(folder.resolve("kafka"))
        .onPort(sasl)
        .with("listeners", doors + ",CONTROLLER://127.0.0.1:" + controller)
        .with("advertised.listeners", doors)
        .with("controller.quorum.voters", "1@127.0.0.1:" + controller)
        .with(
            "listener.security.protocol.map",
            "CLIENTS:SASL_PLAINTEXT,INTERNAL:PLAINTEXT,TLS:SSL,OLD:SSL,CONTROLLER:PLAINTEXT")
        .with("sasl.enabled.mechanisms", "PLAIN")
        .with(
            "listener.name.clients.plain.sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required user_"
                + USER
                + "=\""
                + SECRET
                + "\";")
        .with("listener.name.tls.ssl.keystore.type", "PKCS12")
        .with("listener.name.tls.ssl.keystore.location", good)
        .with("listener.name.tls.ssl.keystore.password", "123456")
        .with("listener.name.tls.ssl.key.password", "123456")
        .with("listener.name.old.ssl.keystore.type", "PKCS12")
        .with("listener.name.old.ssl.keystore.location", old)
        .with("listener.name.old.ssl.keystore.password", "123456")
        .with("listener.name.old.ssl.key.password", "123456")
        .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
        .with("super.users", "User:ANONYMOUS");
  }

  private String readingToken() throws IOException {
    String rules =
        "key \\\""
            + ConsulOptions.SETTINGS_KEY
            + "\\\" { policy = \\\"read\\\" } key \\\""
            + ConsulOptions.KAFKA_ENABLED_KEY
            + "\\\" { policy = \\\"read\\\" }";
    String policy = "{\"Name\":\"relay\",\"Rules\":\"" + rules + "\"}";
    consul.api().request("PUT", "/v1/acl/policy", policy.getBytes(UTF_8));
    String made =
        consul
            .api()
            .request(
                "PUT", "/v1/acl/token", "{\"Policies\":[{\"Name\":\"relay\"}]}".getBytes(UTF_8));
    return new JsonObject(made).getString("SecretID");
  }

  private void makeTopics() throws Exception {
    for (String topic : Topics.perEnvironment()) {
      make(topic, Map.of());
    }
    make(LIST, Map.of(MAX_MESSAGE_BYTES_CONFIG, "4194304"));
    make(WATERMARK, Map.of(CLEANUP_POLICY_CONFIG, "compact"));
    for (String topic : List.of("aliecs.environment", "aliecs.run", "aliecs.core")) {
      make(topic, Map.of());
    }
    startRun(4711, Map.of("ce_source", "/aliecs-relay"));
    write("aliecs.environment", new byte[] {1}, Map.of());
    acl(true, ResourceType.TOPIC, "aliecs.", AclOperation.DESCRIBE);
    acl(true, ResourceType.TOPIC, "aliecs.", AclOperation.READ);
    acl(true, ResourceType.TOPIC, "aliecs.", AclOperation.WRITE);
    acl(true, ResourceType.TRANSACTIONAL_ID, "aliecs-relay", AclOperation.WRITE);
  }

  /** A run starts, and readers are told. */
  void startRun(int number, Map<String, String> headers) throws Exception {
    EnvInfo info =
        EnvInfo.newBuilder().setEnvironmentId("2oDvieFrVTi").setRunNumber(number).build();
    long now = System.currentTimeMillis();
    write(
        Topics.SOR,
        NewStateNotification.newBuilder().setTimestamp(now).setEnvInfo(info).build().toByteArray(),
        headers);
  }

  private void write(String topic, byte[] value, Map<String, String> headers) throws Exception {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, value);
    headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", openDoor()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.send(record).get(30, TimeUnit.SECONDS);
    }
  }

  /** All is in order, and this host is set so. */
  void mend() throws Exception {
    while (!repairs.isEmpty()) {
      repairs.pop().run();
    }
    flags.clear();
    environment.clear();
    file = Files.writeString(folder.resolve("relay.yaml"), "host:\n  id: relay-1\n");
    set("aliecs.core", core.address());
    set("management.port", String.valueOf(relay.actualPort()));
    set("http.token-file", secret("token", "0123456789abcdef", "rw-------").toString());
    environment.put("CONSUL_HTTP_ADDR", consul.address());
    environment.put("CONSUL_HTTP_TOKEN", consulToken);
    publishTo(openDoor());
    put(ConsulOptions.KAFKA_ENABLED_KEY, "true");
    health = new JsonArray().add(check("leader", "UP", "relay-1 leads"));
  }

  /** What is found by a look at all of it. */
  List<Finding> look() throws InterruptedException {
    SettingsStation own =
        SettingsStation.look(() -> SettingSources.collect(file, environment, flags), environment);
    List<Finding> findings = new ArrayList<>(own.findings());
    if (own.settings().isEmpty()) {
      findings.addAll(Chain.skipped());
      return findings;
    }
    try (Chain chain = new Chain(vertx)) {
      chain.look(own.settings().get(), findings::addAll);
    }
    return findings;
  }

  void set(String name, String value) {
    flags.put(name, value);
  }

  void afterwards(Repair repair) {
    repairs.push(repair);
  }

  Path secret(String name, String text, String rights) throws IOException {
    Path secret = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(rights));
  }

  // Consul

  void put(String key, String value) throws IOException {
    consul.api().put(key, value);
  }

  void delete(String key) throws IOException {
    consul.api().delete(key);
  }

  void publishTo(String... brokers) throws IOException {
    put(
        ConsulOptions.SETTINGS_KEY,
        "integrationPlugins: [kafka]\nkafkaEndpoints: [\""
            + String.join("\", \"", brokers)
            + "\"]\n");
  }

  // Kafka

  String openDoor() {
    return "127.0.0.1:" + open;
  }

  /** By password; the right one where it is as it should be. */
  void throughPasswords(boolean right) throws IOException {
    publishTo("127.0.0.1:" + sasl);
    set("kafka.client.security.protocol", "SASL_PLAINTEXT");
    set("kafka.client.sasl.mechanism", "PLAIN");
    set(
        "kafka.client.sasl.jaas.config-file",
        secret(
                "jaas",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
                    + USER
                    + "\" password=\""
                    + (right ? SECRET : "wrong-Horse-2")
                    + "\";",
                "rw-------")
            .toString());
  }

  /** By TLS, trusting what the store has. */
  void throughTls(boolean expired, Path trustStore) throws IOException {
    publishTo("127.0.0.1:" + (expired ? expiredTls : tls));
    set("kafka.client.security.protocol", "SSL");
    set("kafka.client.ssl.truststore.type", "PKCS12");
    set("kafka.client.ssl.truststore.location", trustStore.toString());
    set("kafka.client.ssl.truststore.password", "123456");
  }

  /** A topic is not there, until it is mended. */
  void withoutTopic(String topic) throws Exception {
    get(admin.deleteTopics(List.of(topic)).all());
    afterwards(() -> make(topic, Map.of()));
  }

  /** A topic has another policy, until it is mended. */
  void withPolicy(String topic, String policy, String usual) throws Exception {
    alter(topic, policy);
    afterwards(() -> alter(topic, usual));
  }

  /** The user of {@link #throughPasswords} may not do that, until it is mended. */
  void forbid(ResourceType type, String name, AclOperation operation) throws Exception {
    AclBinding binding = acl(false, type, name, operation);
    afterwards(() -> get(admin.deleteAcls(List.of(binding.toFilter())).all()));
  }

  private AclBinding acl(boolean allowed, ResourceType type, String name, AclOperation operation)
      throws Exception {
    AclBinding binding =
        new AclBinding(
            new ResourcePattern(type, name, allowed ? PatternType.PREFIXED : PatternType.LITERAL),
            new AccessControlEntry(
                "User:" + USER,
                "*",
                operation,
                allowed ? AclPermissionType.ALLOW : AclPermissionType.DENY));
    get(admin.createAcls(List.of(binding)).all());
    return binding;
  }

  private void make(String topic, Map<String, String> configs) throws Exception {
    get(
        admin
            .createTopics(
                List.of(new NewTopic(topic, Optional.of(1), Optional.empty()).configs(configs)))
            .all());
  }

  private void alter(String topic, String policy) throws Exception {
    get(
        admin
            .incrementalAlterConfigs(
                Map.of(
                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                    List.of(
                        new AlterConfigOp(
                            new ConfigEntry(CLEANUP_POLICY_CONFIG, policy),
                            AlterConfigOp.OpType.SET))))
            .all());
  }

  /** The names of all topics, Kafka's own too. */
  List<String> topics() throws Exception {
    return admin.listTopics().names().get(10, TimeUnit.SECONDS).stream().sorted().toList();
  }

  /** Listens and says nothing. */
  String silent() throws Exception {
    var server = vertx.createNetServer().connectHandler(peer -> {}).listen(0, "127.0.0.1").await();
    afterwards(() -> server.close().await());
    return "127.0.0.1:" + server.actualPort();
  }

  static String closed() {
    return "127.0.0.1:" + FreePort.find();
  }

  // The relay

  void says(String check, String status, String reason) {
    health = new JsonArray().add(check(check, status, reason));
  }

  private static JsonObject check(String name, String status, String reason) {
    return new JsonObject()
        .put("name", name)
        .put("status", status)
        .put("required", true)
        .put("reason", reason);
  }

  private String health() {
    boolean up = health.stream().allMatch(c -> ((JsonObject) c).getString("status").equals("UP"));
    return new JsonObject().put("status", up ? "UP" : "DOWN").put("checks", health).encode();
  }

  private static <T> T get(KafkaFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    admin.close();
    kafka.close();
    consul.close();
  }
}
