package io.aliecs.relay.web.management;

import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.web.state.HostStatus;
import io.aliecs.relay.web.state.Snapshot;
import io.aliecs.relay.web.state.StateFeed;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says whether this host is alive, started and ready.
 *
 * <p>Ready means that it can take transitions and serve them: the state is known, a leader is known
 * and settings are known. The publisher, the ingest and AliECS's core are shown, but Kafka or a
 * core that cannot be reached or a plugin that is off does not make this host unready: it tracks
 * and serves all the same.
 */
public record Health(StateFeed feed, HostStatus host) {
  private static final String LEADERLESS =
      "no leader is known; nothing is tracked until there is one, in seconds once a majority of the"
          + " hosts hear each other (expected: every host runs and is reached; see the check"
          + " journal)";

  /** The process runs and its event loop turns, or nobody would answer. */
  List<Check> live() {
    return List.of(Check.required("event-loop", true, ""));
  }

  /** The journal is replayed. */
  List<Check> started() {
    return List.of(state());
  }

  /** Transitions can be taken and served. Never fails. */
  Future<List<Check>> ready() {
    var journal = host.journal();
    var publisher = host.publisher();
    var ingest = host.ingest();
    var settings = host.settings();
    var core = host.core();
    return Future.all(journal, publisher, ingest, settings, core)
        .map(
            all ->
                List.of(
                    state(),
                    leader(),
                    journal(journal.result()),
                    settings(settings.result()),
                    component("publisher", publisher.result()),
                    component("ingest", ingest.result()),
                    core(core.result())));
  }

  private static Check core(HostStatus.Reply<ComponentStatus> asked) {
    return asked.absent()
        ? new Check("core", false, Check.Status.ABSENT, "not asked: aliecs.core is empty")
        : component("core", asked);
  }

  private Check state() {
    Snapshot snapshot = feed.snapshot();
    return snapshot == null
        ? Check.required(
            "state",
            false,
            "the journal is not replayed yet (expected: in seconds; nothing is to be done)")
        : Check.required("state", true, "journal index " + snapshot.changed().index());
  }

  private Check leader() {
    String leader = feed.leadership().leaderId();
    return leader.isEmpty()
        ? Check.required("leader", false, LEADERLESS)
        : Check.required("leader", true, leader + " leads");
  }

  /** A host whose journal takes nothing cannot track. */
  private static Check journal(HostStatus.Reply<ComponentStatus> asked) {
    Check check = component("journal", asked);
    return new Check(check.name(), !asked.absent(), check.status(), check.reason());
  }

  /** What is wrong in Consul is shown, but good settings in force are all that is required. */
  private Check settings(HostStatus.Reply<SettingsStatus> asked) {
    Snapshot snapshot = feed.snapshot();
    String problem =
        asked.status().stream()
            .flatMap(status -> status.problems().stream())
            .map(SettingsStatus.Problem::message)
            .distinct()
            .map(message -> "; " + message)
            .collect(Collectors.joining());
    if (snapshot == null || snapshot.state().settingsSince() == 0) {
      return Check.required(
          "settings",
          false,
          "no good settings were ever seen: environments are tracked, and publishing is off until there"
              + " are (expected: the settings of AliECS in Consul)"
              + problem);
    }
    boolean enabled = snapshot.state().settings().pluginEnabled();
    return Check.required("settings", true, (enabled ? "plugin on" : "plugin off") + problem);
  }

  private static Check component(String name, HostStatus.Reply<ComponentStatus> asked) {
    if (asked.status().isEmpty()) {
      Check.Status status = asked.absent() ? Check.Status.ABSENT : Check.Status.DOWN;
      return new Check(name, false, status, asked.silence());
    }
    ComponentStatus status = asked.status().get();
    String reason =
        status.reason().isEmpty() ? status.state() : status.state() + ": " + status.reason();
    return new Check(name, false, status.healthy() ? Check.Status.UP : Check.Status.DOWN, reason);
  }
}
