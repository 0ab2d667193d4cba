package io.aliecs.relay.host.settings;

import static io.aliecs.relay.host.settings.Setting.Kind.DURATION;
import static io.aliecs.relay.host.settings.Setting.Kind.NUMBER;
import static io.aliecs.relay.host.settings.Setting.Kind.PATH;
import static io.aliecs.relay.host.settings.Setting.Kind.SWITCH;
import static io.aliecs.relay.host.settings.Setting.Kind.TEXT;

import io.aliecs.relay.domain.message.Topics;
import java.util.List;
import java.util.Optional;

/**
 * Every setting of the relay's own file. None of them is hot: what changes while data is being
 * taken is in Consul alone.
 */
public final class SettingCatalog {
  static final Setting HOST_ID =
      new Setting("host.id", "relay-1", TEXT, "Name of this control host.");
  static final Setting DATA_DIR =
      new Setting("data.dir", "data", PATH, "Folder of the journal, on a local disk.");

  static final Setting CLUSTER_HOSTS =
      new Setting(
          "cluster.hosts",
          "",
          TEXT,
          "All control hosts, the same list on each: id=address:port, with commas between, or a"
              + " YAML list. Empty: this host is alone, and its journal opens no port.");

  static final Setting TLS_CERTIFICATE =
      new Setting(
          "cluster.tls.certificate",
          "",
          TEXT,
          "Certificate of this host for the others (PEM file); reread when it changes.");
  static final Setting TLS_KEY =
      new Setting(
          "cluster.tls.key", "", TEXT, "Private key of that certificate (PEM file); reread.");
  static final Setting TLS_AUTHORITY =
      new Setting(
          "cluster.tls.authority",
          "",
          TEXT,
          "Certificates of the authorities that sign those of all hosts (PEM file); reread.");
  static final Setting PLAIN_TEXT =
      new Setting(
          "cluster.plain-text",
          "false",
          SWITCH,
          "Whether the hosts may do without certificates: whoever reaches a port then writes to all.");

  static final Setting ELECTION_TIMEOUT_MIN =
      new Setting(
          "journal.election-timeout-min",
          "200",
          DURATION,
          "Least time without a leader before an election.");
  static final Setting ELECTION_TIMEOUT_MAX =
      new Setting(
          "journal.election-timeout-max",
          "700",
          DURATION,
          "Most time without a leader before an election.");
  static final Setting SNAPSHOT_EVERY =
      new Setting(
          "journal.snapshot-every", "10000", NUMBER, "Journal entries between two snapshots.");
  static final Setting BACKLOG_LIMIT =
      new Setting(
          "journal.backlog-limit",
          "100000",
          NUMBER,
          "Changes that may wait for Kafka; above it new events are refused, none is dropped.");

  static final Setting BACKLOG_BYTES =
      new Setting(
          "journal.backlog-bytes",
          "67108864",
          NUMBER,
          "About the bytes of memory that these may take; above it likewise.");

  static final Setting HISTORY_ENVIRONMENTS =
      new Setting(
          "history.environments",
          "100",
          NUMBER,
          "Environments that stay visible after their end, at most 1000; the newest are kept.");
  static final Setting HISTORY_AGE =
      new Setting(
          "history.age", "604800000", DURATION, "How long they stay visible after their end.");
  static final Setting HISTORY_END_GRACE =
      new Setting(
          "history.end-grace",
          "10000",
          DURATION,
          "How long AliECS may take to tell the end of an environment that must have ended.");

  static final Setting HTTP_HOST =
      new Setting("http.host", "127.0.0.1", TEXT, "Address of the HTTP interface.");
  static final Setting HTTP_PORT =
      new Setting("http.port", "8080", NUMBER, "Port of the HTTP interface, 0 for any.");
  static final Setting HTTP_TOKEN_FILE =
      new Setting(
          "http.token-file",
          "",
          TEXT,
          "File with the token that changes over HTTP need, 16 characters or more, which others"
              + " cannot read; empty: nothing can be changed.");
  static final Setting HTTP_NAMES =
      new Setting(
          "http.names",
          "",
          TEXT,
          "Names that HTTP requests may call this host by, besides its own and any address,"
              + " separated by commas.");
  static final Setting HTTP_TLS_CERTIFICATE =
      new Setting(
          "http.tls.certificate",
          "",
          TEXT,
          "Certificate of the HTTP interface (PEM file), reread when it changes; empty: plain"
              + " HTTP, where the token is good on loopback only.");
  static final Setting HTTP_TLS_KEY =
      new Setting("http.tls.key", "", TEXT, "Private key of that certificate (PEM file); reread.");
  static final Setting HTTP_MAX_CONNECTIONS =
      new Setting(
          "http.max-connections",
          "12000",
          NUMBER,
          "Connections to the HTTP interface at once, and no more than half of the files that may"
              + " be open; those that wait longest for a request make room.");
  static final Setting HTTP_MAX_PER_ADDRESS =
      new Setting(
          "http.max-connections-per-address",
          "1000",
          NUMBER,
          "Those of one address at once, half of all at most, loopback excepted.");
  static final Setting HTTP_CORS_ORIGINS =
      new Setting(
          "http.cors-origins",
          "",
          TEXT,
          "Origins whose pages may read the HTTP interface in a browser, separated by commas.");
  static final Setting MANAGEMENT_HOST =
      new Setting("management.host", "127.0.0.1", TEXT, "Address of health and metrics.");
  static final Setting MANAGEMENT_PORT =
      new Setting("management.port", "8081", NUMBER, "Port of health and metrics, 0 for any.");
  static final Setting MANAGEMENT_TLS_CERTIFICATE =
      new Setting(
          "management.tls.certificate",
          "",
          TEXT,
          "Certificate of health and metrics (PEM file), reread when it changes; empty: plain"
              + " HTTP.");
  static final Setting MANAGEMENT_TLS_KEY =
      new Setting(
          "management.tls.key", "", TEXT, "Private key of that certificate (PEM file); reread.");

  static final Setting TOPIC_PREFIX =
      new Setting(
          "kafka.topic-prefix",
          Topics.PREFIX,
          TEXT,
          "What the names of the topics begin with that are published to, the relay's own too.");
  static final Setting TRANSACTIONAL_ID =
      new Setting(
          "kafka.transactional-id",
          "aliecs-relay",
          TEXT,
          "Kafka transactional.id, the same on every control host and on no other relay.");
  static final Setting PARTITIONS =
      new Setting(
          "kafka.topic.partitions", "1", NUMBER, "Partitions of the topics the relay makes.");
  static final Setting REPLICATION =
      new Setting(
          "kafka.topic.replication-factor",
          "-1",
          NUMBER,
          "Replicas of the topics the relay makes, -1 for the broker's default.");
  static final Setting MIN_INSYNC =
      new Setting(
          "kafka.topic.min-insync-replicas",
          "1",
          NUMBER,
          "min.insync.replicas of the topics the relay makes.");
  static final Setting COMPACT_LIST =
      new Setting(
          "kafka.topic.compact-list",
          "false",
          SWITCH,
          "Whether the relay makes aliecs.env_list.RUNNING compacted: AliECS's own plugin cannot"
              + " write to it then.");
  static final Setting AFTER_START =
      new Setting(
          "kafka.after-start-activity",
          "false",
          SWITCH,
          "Whether aliecs.after_start_activity is published.");
  static final Setting FLUSH_TIMEOUT =
      new Setting(
          "kafka.flush-timeout",
          "5000",
          DURATION,
          "How long what was accepted may still go out after the plugin was turned off.");

  static final Setting INGEST_ENABLED =
      new Setting("ingest.enabled", "true", SWITCH, "Whether AliECS's event stream is read.");
  static final Setting INGEST_BOOTSTRAP =
      new Setting(
          "ingest.bootstrap-servers",
          "",
          TEXT,
          "Brokers with AliECS's event stream; empty: those of the settings in Consul.");
  static final Setting INGEST_HISTORY =
      new Setting(
          "ingest.history",
          "track",
          TEXT,
          "What was in the stream before the first start: track (not published) or publish.");
  static final Setting INGEST_RUN_GRACE =
      new Setting(
          "ingest.run-grace",
          "1000",
          DURATION,
          "How long a run event waits for the environment events it repeats.");
  static final Setting INGEST_QUIET_AFTER =
      new Setting(
          "ingest.quiet-after",
          "43200000",
          DURATION,
          "How long AliECS's stream may say nothing while its core has environments; 0: for ever.");

  static final Setting INGEST_WORKFLOWS =
      new Setting(
          "ingest.workflows",
          "readout-dataflow",
          TEXT,
          "Workflows whose environments are published, with commas between, or a YAML list; '*' for"
              + " all. Others are tracked only.");

  static final Setting ALIECS_CORE =
      new Setting(
          "aliecs.core",
          "",
          TEXT,
          "Address host:port of AliECS's core (gRPC, its port is 32102), asked which environments"
              + " exist; empty: it is not asked.");
  static final Setting ALIECS_CORE_INTERVAL =
      new Setting(
          "aliecs.core-interval",
          "60000",
          DURATION,
          "How often it is asked, besides after a start, a gap in the event stream or a core start.");
  static final Setting ALIECS_CORE_TLS =
      new Setting("aliecs.core-tls", "false", SWITCH, "Whether that address is behind TLS.");
  static final Setting ALIECS_CORE_AUTHORITY =
      new Setting(
          "aliecs.core-authority",
          "",
          TEXT,
          "Certificates of the authorities that sign the core's (PEM file); empty: those that Java"
              + " knows.");

  static final Setting CONSUL_DATACENTER =
      new Setting(
          "consul.datacenter", "", TEXT, "Datacenter to ask Consul for; empty: the agent's own.");
  static final Setting CONSUL_WAIT =
      new Setting("consul.wait", "60000", DURATION, "How long Consul may hold a blocking query.");
  static final Setting CONSUL_REGISTER =
      new Setting(
          "consul.register",
          "false",
          SWITCH,
          "Whether this host registers itself in Consul as a service with a health check.");
  static final Setting CONSUL_SERVICE_NAME =
      new Setting(
          "consul.service-name",
          "aliecs-relay",
          TEXT,
          "Name of that service; host.id is the id of this host's instance.");

  static final Setting LOG_FORMAT =
      new Setting(
          "log.format",
          "text",
          TEXT,
          "How the log is written: text, or json, one object a line with environment and run as"
              + " fields.");

  static final Setting TRACE_ENDPOINT =
      new Setting(
          "trace.endpoint",
          "",
          TEXT,
          "URL of a collector that takes OpenTelemetry's traces (OTLP over HTTP), for example"
              + " http://127.0.0.1:4318/v1/traces; empty: none are made.");

  private static final List<Setting> ALL =
      List.of(
          HOST_ID,
          DATA_DIR,
          CLUSTER_HOSTS,
          TLS_CERTIFICATE,
          TLS_KEY,
          TLS_AUTHORITY,
          PLAIN_TEXT,
          ELECTION_TIMEOUT_MIN,
          ELECTION_TIMEOUT_MAX,
          SNAPSHOT_EVERY,
          BACKLOG_LIMIT,
          BACKLOG_BYTES,
          HISTORY_ENVIRONMENTS,
          HISTORY_AGE,
          HISTORY_END_GRACE,
          HTTP_HOST,
          HTTP_PORT,
          HTTP_TOKEN_FILE,
          HTTP_CORS_ORIGINS,
          HTTP_NAMES,
          HTTP_TLS_CERTIFICATE,
          HTTP_TLS_KEY,
          HTTP_MAX_CONNECTIONS,
          HTTP_MAX_PER_ADDRESS,
          MANAGEMENT_HOST,
          MANAGEMENT_PORT,
          MANAGEMENT_TLS_CERTIFICATE,
          MANAGEMENT_TLS_KEY,
          TOPIC_PREFIX,
          TRANSACTIONAL_ID,
          PARTITIONS,
          REPLICATION,
          MIN_INSYNC,
          COMPACT_LIST,
          AFTER_START,
          FLUSH_TIMEOUT,
          INGEST_ENABLED,
          INGEST_BOOTSTRAP,
          INGEST_HISTORY,
          INGEST_RUN_GRACE,
          INGEST_WORKFLOWS,
          INGEST_QUIET_AFTER,
          ALIECS_CORE,
          ALIECS_CORE_INTERVAL,
          ALIECS_CORE_TLS,
          ALIECS_CORE_AUTHORITY,
          CONSUL_DATACENTER,
          CONSUL_WAIT,
          CONSUL_REGISTER,
          CONSUL_SERVICE_NAME,
          LOG_FORMAT,
          TRACE_ENDPOINT);

  /** Settings of before: they may stand in files, and are not looked at. */
  private static final List<Setting> RETIRED =
      List.of(
          new Setting("journal.host", "", TEXT, "A host that is alone listens nowhere."),
          new Setting("journal.port", "", TEXT, "A host that is alone listens nowhere."));

  private SettingCatalog() {}

  static List<Setting> retired() {
    return RETIRED;
  }

  /** Every setting, in the order of the documentation. */
  public static List<Setting> all() {
    return ALL;
  }

  static Optional<Setting> named(String name) {
    return ALL.stream().filter(setting -> setting.name().equals(name)).findFirst();
  }
}
