package io.aliecs.relay.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.web.RunningWeb;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A thousand clients of the live stream; {@code bench} has ten thousand. */
class ManyStreamClientsTest {
  private static final int CLIENTS = 1_000;
  private static final int STUCK = 200;

  private final RunningWeb web = new RunningWeb();
  private final List<EventStreamClient> clients = new ArrayList<>();

  @AfterEach
  void close() {
    clients.forEach(EventStreamClient::close);
    web.close();
  }

  private double streamClients() {
    return web.registry.get("relay.http.stream.clients").gauge().value();
  }

  @Test
  void hearOfEachChangeWhileSomeNeverRead() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 5, true, "ITS");
    for (int i = 0; i < STUCK; i++) {
      clients.add(new EventStreamClient(web.web.listening().port(), 4_096));
    }
    List<EventStreamClient> reading = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      EventStreamClient client = EventStreamClient.on(web);
      reading.add(client);
      clients.add(client);
      assertThat(client.next().name()).isEqualTo("snapshot");
    }
    await().until(() -> streamClients() == CLIENTS + STUCK);

    for (int run = 6; run < 9; run++) {
      web.apply(
          web.event("2env", EventType.ENTERED).transition(Transition.STOP_ACTIVITY).build(),
          web.event("2env", EventType.ENTERED)
              .transition(Transition.START_ACTIVITY)
              .runNumber((long) run)
              .build());
      for (EventStreamClient client : reading) {
        assertThat(
                client
                    .next("change")
                    .json()
                    .getJsonArray("runs")
                    .getJsonObject(0)
                    .getInteger("runNumber"))
            .isEqualTo(run);
      }
      assertThat(web.get("/api/v1/runs").statusCode()).isEqualTo(200);
    }

    clients.forEach(EventStreamClient::close);
    await().until(() -> streamClients() == 0);
  }
}
