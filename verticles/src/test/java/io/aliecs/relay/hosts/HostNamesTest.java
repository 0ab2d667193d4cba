package io.aliecs.relay.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class HostNamesTest {
  private Vertx vertx;

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
  }

  private HostNames names(String hosts) {
    List<ClusterHost> all = ClusterHost.list(hosts);
    JournalOptions options =
        new JournalOptions(
            Path.of("unused"),
            all.get(0).id(),
            all,
            false,
            Optional.empty(),
            Duration.ofMillis(150),
            Duration.ofMillis(300),
            1_000,
            1_000,
            1_000_000);
    HostNames names = new HostNames(vertx, options);
    vertx.runOnContext(start -> names.start());
    return names;
  }

  @Test
  void aHostThatNobodyCanLookUpIsNamedWithTheKeyThatItIsFrom() {
    HostNames names = names("a=127.0.0.1:8701,b=nosuch.invalid:8702,c=[::1]:8703");

    await().atMost(Duration.ofSeconds(60)).until(() -> !names.problem().isEmpty());

    assertThat(names.problem())
        .startsWith("nosuch.invalid:8702: no such name")
        .contains("it is from cluster.hosts");
  }
}
