package io.aliecs.relay.host.check.station;

import io.aliecs.relay.host.terminal.DurationText;
import io.aliecs.relay.host.topics.LastStart;
import io.aliecs.relay.kafka.ClientFailure;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import java.time.Instant;
import java.util.List;

/** The last start of run that readers have got. */
public record PublishedStation(List<String> servers, PublisherOptions options) {
  private static final String ID = "published";

  /** Not looked at, as the text says. */
  public static List<Finding> skipped(String why) {
    return List.of(Finding.skipped(ID, "last start of run: " + why));
  }

  /** Blocks for some seconds at most. */
  public List<Finding> look() {
    try {
      return List.of(
          LastStart.read(servers, options)
              .map(PublishedStation::finding)
              .orElseGet(() -> Finding.ok(ID, "no start of run was published yet")));
    } catch (RuntimeException failure) {
      String why = new ClientFailure(options.clientProperties(), "").reason(failure);
      return skipped(why);
    }
  }

  private static Finding finding(LastStart last) {
    String what =
        "last start of run that was published: run "
            + last.runNumber()
            + " of "
            + last.environmentId()
            + ", "
            + DurationText.since(last.timestamp(), Instant.now());
    return last.ofRelay()
        ? Finding.ok(ID, what)
        : Finding.warning(
            "published.other",
            what,
            "written by somebody who is no relay",
            "a relay alone on its topics",
            "turn off AliECS's own plugin, if it is on: \"AliECS's own plugin\" in"
                + " docs/operating.md");
  }
}
