package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay that is ended while it has much to do. */
class ShutdownIT {
  private static final int STREAM_CLIENTS = 200;

  /** What a shell shows for a process that SIGTERM has ended. */
  private static final int ENDED_BY_SIGNAL = 143;

  @Test
  void theFirstSigtermDrainsAndASecondOneEndsAtOnceAndLosesNothing(@TempDir Path folder)
      throws Exception {
    try (Site site = Site.open(folder);
        KafkaProcess broker = KafkaProcess.start(folder.resolve("broker"), 0)) {
      site.putSettings(Site.settings(broker.bootstrapServers(), true));
      Map<String, String> settings =
          Map.of(
              "ingest.bootstrap-servers", site.bootstrapServers(), "kafka.flush-timeout", "30000");
      try (HostProcess relay = site.relay("shutdown", settings).start()) {
        broker.suspend();
        site.write(
            AliEcsEvents.of("2env", Instant::now)
                .created(new EnvironmentSetup("2env", List.of("ITS"), "PHYSICS", true)));
        relay.awaitState("2env", "STANDBY");

        relay.signal("TERM");
        relay.awaitCheck("ingest", "ABSENT"); // it stops in order, and waits for the broker now
        relay.signal("TERM");
        assertThat(relay.awaitExit()).isEqualTo(ENDED_BY_SIGNAL);

        broker.resume();
        relay.start();
        relay.awaitMetric("relay_outbox_entries", 0);
        assertThat(new PublishedTopics(broker.bootstrapServers()).committed())
            .filteredOn(message -> message.topic().equals("aliecs.env_state.STANDBY"))
            .extracting(Published::key)
            .containsExactly("2env");
        assertThat(relay.terminate()).isZero();
      }
    }
  }

  @Test
  void underLoadEveryAnswerIsWholeAndEveryStreamIsToldThatItEnds(@TempDir Path folder)
      throws Exception {
    List<Socket> streams = new ArrayList<>();
    ExecutorService askers = Executors.newFixedThreadPool(4);
    try (Site site = Site.open(folder);
        HostProcess relay = site.relay("loaded", Map.of()).start()) {
      URI runs = URI.create(relay.http() + "/api/v1/runs");
      for (int i = 0; i < STREAM_CLIENTS; i++) {
        streams.add(stream(runs));
      }
      relay.awaitMetric("relay_http_stream_clients", STREAM_CLIENTS);
      AtomicLong answers = new AtomicLong();
      List<Future<Object>> asking = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        asking.add(askers.submit(() -> askUntilItIsGone(runs, answers)));
      }
      await().atMost(HostProcess.LIMIT).until(() -> answers.get() > 200);

      assertThat(relay.terminate()).isZero();

      for (Future<Object> asker : asking) {
        asker.get(30, TimeUnit.SECONDS);
      }
      for (Socket stream : streams) {
        String said = new String(stream.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).contains("event: snapshot", "event: cut", "\"reason\":\"stop\"");
      }
    } finally {
      askers.shutdownNow();
      for (Socket stream : streams) {
        stream.close();
      }
    }
  }

  private static Socket stream(URI runs) throws IOException {
    Socket socket = new Socket(runs.getHost(), runs.getPort());
    socket.setSoTimeout(60_000);
    String request = "GET " + runs.getPath() + "/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Asks on connections of its own; one that is taken is answered whole, whatever happens. */
  private static Object askUntilItIsGone(URI runs, AtomicLong answers) throws IOException {
    String request = "GET " + runs.getPath() + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
    while (true) {
      byte[] answer;
      try (Socket socket = new Socket(runs.getHost(), runs.getPort())) {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        answer = socket.getInputStream().readAllBytes();
      } catch (SocketException refused) {
        return answers; // nobody listens any more
      }
      if (answer.length > 0) { // else it was closed before it was read
        String text = new String(answer, StandardCharsets.UTF_8);
        assertThat(text).contains(" 200 OK\r\n").endsWith("}");
        answers.incrementAndGet();
      }
    }
  }
}
