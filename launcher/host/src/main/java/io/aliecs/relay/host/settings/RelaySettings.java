package io.aliecs.relay.host.settings;

import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.environment.HistoryOptions;
import io.aliecs.relay.ingest.mapping.Workflows;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.journal.tls.ClusterCertificates;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.reconcile.ReconcileOptions;
import io.aliecs.relay.registration.RegistrationOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.settings.Requirement;
import io.aliecs.relay.trace.TraceOptions;
import io.aliecs.relay.web.WebOptions;
import io.aliecs.relay.web.WebSecurity;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one control host, validated.
 *
 * @param journal where the state is kept
 * @param history how much is kept of what has ended
 * @param publisher how messages get to Kafka
 * @param ingest how AliECS's event stream is read
 * @param reconcile how AliECS's core is asked
 * @param web what listens for HTTP
 * @param consul how Consul is reached
 * @param registration how this host shows itself in Consul
 * @param jsonLog whether the log is written as JSON
 * @param trace where traces go
 * @param effective all of these as they were given, with their origin, secrets masked
 */
public record RelaySettings(
    JournalOptions journal,
    HistoryOptions history,
    PublisherOptions publisher,
    IngestOptions ingest,
    ReconcileOptions reconcile,
    WebOptions web,
    ConsulOptions consul,
    RegistrationOptions registration,
    boolean jsonLog,
    TraceOptions trace,
    List<EffectiveSetting> effective) {

  public RelaySettings {
    effective = List.copyOf(effective);
  }

  /**
   * Builds the settings.
   *
   * @param sources the values of the settings
   * @param environment environment variables, for those of Consul's own tools
   * @throws IllegalArgumentException naming the setting, what was found and what is expected
   */
  public static RelaySettings of(SettingSources sources, Map<String, String> environment) {
    return new RelaySettings(
        journal(sources),
        new HistoryOptions(
            sources.number(Setting.HISTORY_ENVIRONMENTS),
            sources.duration(Setting.HISTORY_AGE),
            sources.duration(Setting.HISTORY_END_GRACE)),
        publisher(sources),
        ingest(sources),
        new ReconcileOptions(
            sources.text(Setting.ALIECS_CORE),
            sources.isOn(Setting.ALIECS_CORE_TLS),
            sources.text(Setting.ALIECS_CORE_AUTHORITY),
            sources.duration(Setting.ALIECS_CORE_INTERVAL)),
        new WebOptions(
            sources.text(Setting.HTTP_HOST),
            sources.number(Setting.HTTP_PORT),
            sources.text(Setting.MANAGEMENT_HOST),
            sources.number(Setting.MANAGEMENT_PORT),
            sources.text(Setting.HTTP_TOKEN_FILE),
            WebOptions.list(sources.text(Setting.HTTP_CORS_ORIGINS)),
            security(sources)),
        ConsulOptions.fromEnvironment(environment)
            .in(sources.text(Setting.CONSUL_DATACENTER), sources.duration(Setting.CONSUL_WAIT)),
        new RegistrationOptions(
            sources.isOn(Setting.CONSUL_REGISTER),
            sources.text(Setting.CONSUL_SERVICE_NAME),
            sources.text(Setting.HOST_ID)),
        isJson(sources.text(Setting.LOG_FORMAT)),
        new TraceOptions(
            sources.text(Setting.TRACE_ENDPOINT),
            sources.text(Setting.HOST_ID),
            BuildVersion.text()),
        EffectiveSettings.of(sources, environment));
  }

  private static boolean isJson(String format) {
    Requirement.that(
        format.equals("json") || format.equals("text"),
        "log.format",
        "\"" + format + "\"",
        "text or json");
    return format.equals("json");
  }

  private static WebSecurity security(SettingSources sources) {
    return new WebSecurity(
        WebSecurity.files(
            "http.tls",
            sources.text(Setting.HTTP_TLS_CERTIFICATE),
            sources.text(Setting.HTTP_TLS_KEY)),
        WebSecurity.files(
            "management.tls",
            sources.text(Setting.MANAGEMENT_TLS_CERTIFICATE),
            sources.text(Setting.MANAGEMENT_TLS_KEY)),
        WebOptions.list(sources.text(Setting.HTTP_NAMES)),
        sources.number(Setting.HTTP_MAX_CONNECTIONS),
        sources.number(Setting.HTTP_MAX_PER_ADDRESS));
  }

  private static JournalOptions journal(SettingSources sources) {
    String self = sources.text(Setting.HOST_ID);
    String list = sources.text(Setting.CLUSTER_HOSTS);
    boolean alone = list.isBlank();
    List<ClusterHost> hosts = alone ? List.of(JournalOptions.alone(self)) : ClusterHost.list(list);
    ClusterHost.requireGroup(hosts, self);
    return new JournalOptions(
        Path.of(sources.text(Setting.DATA_DIR)).resolve("journal"),
        self,
        hosts,
        alone,
        alone ? Optional.empty() : certificates(sources),
        sources.duration(Setting.ELECTION_TIMEOUT_MIN),
        sources.duration(Setting.ELECTION_TIMEOUT_MAX),
        sources.number(Setting.SNAPSHOT_EVERY),
        sources.number(Setting.BACKLOG_LIMIT),
        sources.number(Setting.BACKLOG_BYTES));
  }

  /** With what hosts prove to each other who they are; empty for plain text. */
  private static Optional<ClusterCertificates> certificates(SettingSources sources) {
    List<Setting> files = List.of(Setting.TLS_CERTIFICATE, Setting.TLS_KEY, Setting.TLS_AUTHORITY);
    List<Setting> missing = files.stream().filter(file -> sources.text(file).isBlank()).toList();
    if (missing.isEmpty()) {
      return Optional.of(
          ClusterCertificates.read(
              Path.of(sources.text(Setting.TLS_CERTIFICATE)),
              Path.of(sources.text(Setting.TLS_KEY)),
              Path.of(sources.text(Setting.TLS_AUTHORITY))));
    }
    Requirement.that(
        missing.size() == files.size(),
        missing.get(0).key(),
        "nothing",
        "a file; all of cluster.tls.* or none");
    Requirement.that(
        sources.isOn(Setting.PLAIN_TEXT),
        Setting.TLS_CERTIFICATE.key(),
        "nothing",
        "certificates for cluster.hosts, on loopback too; to try it out, cluster.plain-text: true");
    return Optional.empty();
  }

  private static PublisherOptions publisher(SettingSources sources) {
    return new PublisherOptions(
        sources.topics(),
        sources.text(Setting.TRANSACTIONAL_ID),
        sources.number(Setting.PARTITIONS),
        (short) sources.number(Setting.REPLICATION),
        sources.number(Setting.MIN_INSYNC),
        sources.isOn(Setting.COMPACT_LIST),
        sources.isOn(Setting.AFTER_START),
        sources.duration(Setting.FLUSH_TIMEOUT),
        !sources.text(Setting.TRACE_ENDPOINT).isEmpty(),
        sources.kafkaClient());
  }

  private static IngestOptions ingest(SettingSources sources) {
    String history = sources.text(Setting.INGEST_HISTORY);
    IngestOptions.History chosen =
        Arrays.stream(IngestOptions.History.values())
            .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(history))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "ingest.history: \"" + history + "\" (expected: track or publish)"));
    return new IngestOptions(
        sources.isOn(Setting.INGEST_ENABLED),
        sources.text(Setting.INGEST_BOOTSTRAP),
        chosen,
        sources.duration(Setting.INGEST_RUN_GRACE),
        Workflows.of(sources.text(Setting.INGEST_WORKFLOWS)),
        sources.duration(Setting.INGEST_QUIET_AFTER),
        sources.kafkaClient());
  }
}
