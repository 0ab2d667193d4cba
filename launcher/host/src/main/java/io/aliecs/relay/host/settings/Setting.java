package io.aliecs.relay.host.settings;

import static io.aliecs.relay.host.settings.Setting.Kind.DURATION;
import static io.aliecs.relay.host.settings.Setting.Kind.NUMBER;
import static io.aliecs.relay.host.settings.Setting.Kind.PATH;
import static io.aliecs.relay.host.settings.Setting.Kind.SWITCH;
import static io.aliecs.relay.host.settings.Setting.Kind.TEXT;

import io.aliecs.relay.domain.message.Topics;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Every setting of the relay's own file, in the order of the documentation. None of them is hot:
 * what changes while data is being taken is in Consul alone.
 */
enum Setting {
  HOST_ID("host.id", "relay-1", TEXT, "Name of this control host."),
  DATA_DIR("data.dir", "data", PATH, "Folder of the journal, on a local disk."),
  CLUSTER_HOSTS(
      "cluster.hosts",
      "",
      TEXT,
      "All control hosts, the same list on each: id=address:port, with commas between, or a"
          + " YAML list. Empty: this host is alone, and its journal opens no port."),
  TLS_CERTIFICATE(
      "cluster.tls.certificate",
      "",
      TEXT,
      "Certificate of this host for the others (PEM file); reread when it changes."),
  TLS_KEY("cluster.tls.key", "", TEXT, "Private key of that certificate (PEM file); reread."),
  TLS_AUTHORITY(
      "cluster.tls.authority",
      "",
      TEXT,
      "Certificates of the authorities that sign those of all hosts (PEM file); reread."),
  PLAIN_TEXT(
      "cluster.plain-text",
      "false",
      SWITCH,
      "Whether the hosts may do without certificates: whoever reaches a port then writes to all."),
  ELECTION_TIMEOUT_MIN(
      "journal.election-timeout-min",
      "200",
      DURATION,
      "Least time without a leader before an election."),
  ELECTION_TIMEOUT_MAX(
      "journal.election-timeout-max",
      "700",
      DURATION,
      "Most time without a leader before an election."),
  SNAPSHOT_EVERY(
      "journal.snapshot-every", "10000", NUMBER, "Journal entries between two snapshots."),
  BACKLOG_LIMIT(
      "journal.backlog-limit",
      "100000",
      NUMBER,
      "Changes that may wait for Kafka; above it new events are refused, none is dropped."),
  BACKLOG_BYTES(
      "journal.backlog-bytes",
      "67108864",
      NUMBER,
      "About the bytes of memory that these may take; above it likewise."),
  HISTORY_ENVIRONMENTS(
      "history.environments",
      "100",
      NUMBER,
      "Environments that stay visible after their end, at most 1000; the newest are kept."),
  HISTORY_AGE("history.age", "604800000", DURATION, "How long they stay visible after their end."),
  HISTORY_END_GRACE(
      "history.end-grace",
      "10000",
      DURATION,
      "How long AliECS may take to tell the end of an environment that must have ended."),
  HTTP_HOST("http.host", "127.0.0.1", TEXT, "Address of the HTTP interface."),
  HTTP_PORT("http.port", "8080", NUMBER, "Port of the HTTP interface, 0 for any."),
  HTTP_TOKEN_FILE(
      "http.token-file",
      "",
      TEXT,
      "File with the token that changes over HTTP need, 16 characters or more, which others"
          + " cannot read; empty: nothing can be changed."),
  HTTP_CORS_ORIGINS(
      "http.cors-origins",
      "",
      TEXT,
      "Origins whose pages may read the HTTP interface in a browser, separated by commas."),
  HTTP_NAMES(
      "http.names",
      "",
      TEXT,
      "Names that HTTP requests may call this host by, besides its own and any address,"
          + " separated by commas."),
  HTTP_TLS_CERTIFICATE(
      "http.tls.certificate",
      "",
      TEXT,
      "Certificate of the HTTP interface (PEM file), reread when it changes; empty: plain"
          + " HTTP, where the token is good on loopback only."),
  HTTP_TLS_KEY("http.tls.key", "", TEXT, "Private key of that certificate (PEM file); reread."),
  HTTP_MAX_CONNECTIONS(
      "http.max-connections",
      "12000",
      NUMBER,
      "Connections to the HTTP interface at once, and no more than half of the files that may"
          + " be open; those that wait longest for a request make room."),
  HTTP_MAX_PER_ADDRESS(
      "http.max-connections-per-address",
      "1000",
      NUMBER,
      "Those of one address at once, half of all at most, loopback excepted."),
  MANAGEMENT_HOST("management.host", "127.0.0.1", TEXT, "Address of health and metrics."),
  MANAGEMENT_PORT("management.port", "8081", NUMBER, "Port of health and metrics, 0 for any."),
  MANAGEMENT_TLS_CERTIFICATE(
      "management.tls.certificate",
      "",
      TEXT,
      "Certificate of health and metrics (PEM file), reread when it changes; empty: plain"
          + " HTTP."),
  MANAGEMENT_TLS_KEY(
      "management.tls.key", "", TEXT, "Private key of that certificate (PEM file); reread."),
  TOPIC_PREFIX(
      "kafka.topic-prefix",
      Topics.PREFIX,
      TEXT,
      "What the names of the topics begin with that are published to, the relay's own too."),
  TRANSACTIONAL_ID(
      "kafka.transactional-id",
      "aliecs-relay",
      TEXT,
      "Kafka transactional.id, the same on every control host and on no other relay."),
  PARTITIONS("kafka.topic.partitions", "1", NUMBER, "Partitions of the topics the relay makes."),
  REPLICATION(
      "kafka.topic.replication-factor",
      "-1",
      NUMBER,
      "Replicas of the topics the relay makes, -1 for the broker's default."),
  MIN_INSYNC(
      "kafka.topic.min-insync-replicas",
      "1",
      NUMBER,
      "min.insync.replicas of the topics the relay makes."),
  COMPACT_LIST(
      "kafka.topic.compact-list",
      "false",
      SWITCH,
      "Whether the relay makes aliecs.env_list.RUNNING compacted: AliECS's own plugin cannot"
          + " write to it then."),
  AFTER_START(
      "kafka.after-start-activity",
      "false",
      SWITCH,
      "Whether aliecs.after_start_activity is published."),
  FLUSH_TIMEOUT(
      "kafka.flush-timeout",
      "5000",
      DURATION,
      "How long what was accepted may still go out after the plugin was turned off."),
  INGEST_ENABLED("ingest.enabled", "true", SWITCH, "Whether AliECS's event stream is read."),
  INGEST_BOOTSTRAP(
      "ingest.bootstrap-servers",
      "",
      TEXT,
      "Brokers with AliECS's event stream; empty: those of the settings in Consul."),
  INGEST_HISTORY(
      "ingest.history",
      "track",
      TEXT,
      "What was in the stream before the first start: track (not published) or publish."),
  INGEST_RUN_GRACE(
      "ingest.run-grace",
      "1000",
      DURATION,
      "How long a run event waits for the environment events it repeats."),
  INGEST_WORKFLOWS(
      "ingest.workflows",
      "readout-dataflow",
      TEXT,
      "Workflows whose environments are published, with commas between, or a YAML list; '*' for"
          + " all. Others are tracked only."),
  INGEST_QUIET_AFTER(
      "ingest.quiet-after",
      "43200000",
      DURATION,
      "How long AliECS's stream may say nothing while its core has environments; 0: for ever."),
  ALIECS_CORE(
      "aliecs.core",
      "",
      TEXT,
      "Address host:port of AliECS's core (gRPC, its port is 32102), asked which environments"
          + " exist; empty: it is not asked."),
  ALIECS_CORE_INTERVAL(
      "aliecs.core-interval",
      "60000",
      DURATION,
      "How often it is asked, besides after a start, a gap in the event stream or a core start."),
  ALIECS_CORE_TLS("aliecs.core-tls", "false", SWITCH, "Whether that address is behind TLS."),
  ALIECS_CORE_AUTHORITY(
      "aliecs.core-authority",
      "",
      TEXT,
      "Certificates of the authorities that sign the core's (PEM file); empty: those that Java"
          + " knows."),
  CONSUL_DATACENTER(
      "consul.datacenter", "", TEXT, "Datacenter to ask Consul for; empty: the agent's own."),
  CONSUL_WAIT("consul.wait", "60000", DURATION, "How long Consul may hold a blocking query."),
  CONSUL_REGISTER(
      "consul.register",
      "false",
      SWITCH,
      "Whether this host registers itself in Consul as a service with a health check."),
  CONSUL_SERVICE_NAME(
      "consul.service-name",
      "aliecs-relay",
      TEXT,
      "Name of that service; host.id is the id of this host's instance."),
  LOG_FORMAT(
      "log.format",
      "text",
      TEXT,
      "How the log is written: text, or json, one object a line with environment and run as"
          + " fields."),
  TRACE_ENDPOINT(
      "trace.endpoint",
      "",
      TEXT,
      "URL of a collector that takes OpenTelemetry's traces (OTLP over HTTP), for example"
          + " http://127.0.0.1:4318/v1/traces; empty: none are made.");

  /** What the environment variables of all settings begin with. */
  static final String VARIABLE_PREFIX = "RELAY_";

  /**
   * Keys of before, when a host that is alone listened: they may stand in files, and mean nothing.
   */
  static final Set<String> RETIRED = Set.of("journal.host", "journal.port");

  /** What values a setting takes. */
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

    /** The allowed values, for people. */
    String expected() {
      return expected;
    }
  }

  private final String key;
  private final String fallback;
  private final Kind kind;
  private final String meaning;

  Setting(String key, String fallback, Kind kind, String meaning) {
    this.key = key;
    this.fallback = fallback;
    this.kind = kind;
    this.meaning = meaning;
  }

  /** Its name with dots, as in the file. */
  String key() {
    return key;
  }

  /** The value when nothing sets it, as text. */
  String fallback() {
    return fallback;
  }

  Kind kind() {
    return kind;
  }

  /** For people. */
  String meaning() {
    return meaning;
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
