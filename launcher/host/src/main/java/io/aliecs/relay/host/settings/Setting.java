package io.aliecs.relay.host.settings;

import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.environment.HistoryOptions;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.reconcile.ReconcileOptions;
import io.aliecs.relay.web.WebSecurity;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Every setting of the relay's own file, in the order of {@code conf/relay.yaml}, which says what
 * each means. None of them is hot: what changes while data is being taken is in Consul alone.
 */
enum Setting {
  HOST_ID("host.id", "relay-1"),
  DATA_DIR("data.dir", "data", Kind.PATH),
  CLUSTER_HOSTS("cluster.hosts"),
  TLS_CERTIFICATE("cluster.tls.certificate"),
  TLS_KEY("cluster.tls.key"),
  TLS_AUTHORITY("cluster.tls.authority"),
  PLAIN_TEXT("cluster.plain-text", false),
  ELECTION_TIMEOUT_MIN("journal.election-timeout-min", Duration.ofMillis(200)),
  ELECTION_TIMEOUT_MAX("journal.election-timeout-max", Duration.ofMillis(700)),
  SNAPSHOT_EVERY("journal.snapshot-every", 10_000),
  BACKLOG_LIMIT("journal.backlog-limit", 100_000),
  BACKLOG_BYTES("journal.backlog-bytes", 67_108_864),
  HISTORY_ENVIRONMENTS("history.environments", 100),
  HISTORY_AGE("history.age", Duration.ofDays(7)),
  HISTORY_END_GRACE("history.end-grace", HistoryOptions.DEFAULT_END_GRACE),
  HTTP_HOST("http.host", "127.0.0.1"),
  HTTP_PORT("http.port", 8080),
  HTTP_TOKEN_FILE("http.token-file"),
  HTTP_CORS_ORIGINS("http.cors-origins"),
  HTTP_NAMES("http.names"),
  HTTP_TLS_CERTIFICATE("http.tls.certificate"),
  HTTP_TLS_KEY("http.tls.key"),
  HTTP_MAX_CONNECTIONS("http.max-connections", WebSecurity.DEFAULTS.maxConnections()),
  HTTP_MAX_PER_ADDRESS(
      "http.max-connections-per-address", WebSecurity.DEFAULTS.maxConnectionsPerAddress()),
  MANAGEMENT_HOST("management.host", "127.0.0.1"),
  MANAGEMENT_PORT("management.port", 8081),
  MANAGEMENT_TLS_CERTIFICATE("management.tls.certificate"),
  MANAGEMENT_TLS_KEY("management.tls.key"),
  TOPIC_PREFIX("kafka.topic-prefix", Topics.PREFIX),
  TRANSACTIONAL_ID("kafka.transactional-id", "aliecs-relay"),
  PARTITIONS("kafka.topic.partitions", 1),
  REPLICATION("kafka.topic.replication-factor", -1),
  MIN_INSYNC("kafka.topic.min-insync-replicas", 1),
  COMPACT_LIST("kafka.topic.compact-list", false),
  AFTER_START("kafka.after-start-activity", false),
  FLUSH_TIMEOUT("kafka.flush-timeout", Duration.ofSeconds(5)),
  INGEST_ENABLED("ingest.enabled", true),
  INGEST_BOOTSTRAP("ingest.bootstrap-servers"),
  INGEST_HISTORY("ingest.history", "track"),
  INGEST_RUN_GRACE("ingest.run-grace", IngestOptions.DEFAULT_RUN_GRACE),
  INGEST_WORKFLOWS("ingest.workflows", "readout-dataflow"),
  INGEST_QUIET_AFTER("ingest.quiet-after", IngestOptions.DEFAULT_QUIET_AFTER),
  ALIECS_CORE("aliecs.core"),
  ALIECS_CORE_INTERVAL("aliecs.core-interval", ReconcileOptions.DEFAULT_INTERVAL),
  ALIECS_CORE_TLS("aliecs.core-tls", false),
  ALIECS_CORE_AUTHORITY("aliecs.core-authority"),
  CONSUL_DATACENTER("consul.datacenter"),
  CONSUL_WAIT("consul.wait", ConsulOptions.DEFAULT_WAIT),
  CONSUL_REGISTER("consul.register", false),
  CONSUL_SERVICE_NAME("consul.service-name", "aliecs-relay"),
  LOG_FORMAT("log.format", "text"),
  TRACE_ENDPOINT("trace.endpoint");

  static final String VARIABLE_PREFIX = "RELAY_";

  /**
   * Keys of before, when a host that is alone listened: they may stand in files, and mean nothing.
   */
  static final Set<String> RETIRED = Set.of("journal.host", "journal.port");

  enum Kind {
    TEXT("a text"),
    PATH("a path"),
    NUMBER("a whole number"),
    DURATION("milliseconds, a whole number"),
    SWITCH("true or false");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    String expected() {
      return expected;
    }
  }

  private final String key;
  private final String fallback;
  private final Kind kind;

  Setting(String key, String fallback, Kind kind) {
    this.key = key;
    this.fallback = fallback;
    this.kind = kind;
  }

  Setting(String key) {
    this(key, "");
  }

  Setting(String key, String fallback) {
    this(key, fallback, Kind.TEXT);
  }

  Setting(String key, int fallback) {
    this(key, Integer.toString(fallback), Kind.NUMBER);
  }

  Setting(String key, Duration fallback) {
    this(key, Long.toString(fallback.toMillis()), Kind.DURATION);
  }

  Setting(String key, boolean fallback) {
    this(key, Boolean.toString(fallback), Kind.SWITCH);
  }

  String key() {
    return key;
  }

  String fallback() {
    return fallback;
  }

  Kind kind() {
    return kind;
  }

  /** The environment variable that sets it: {@code http.port} is {@code RELAY_HTTP_PORT}. */
  String variable() {
    return variable(key);
  }

  static String variable(String key) {
    return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  static Optional<Setting> named(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }
}
