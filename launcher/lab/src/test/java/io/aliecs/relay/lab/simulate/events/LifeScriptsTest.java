package io.aliecs.relay.lab.simulate.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.proto.events.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifeScriptsTest {

  @Test
  void tellsTheSameLivesForTheSameSeed() {
    assertThat(lives(42, 0.3)).isEqualTo(lives(42, 0.3)).isNotEqualTo(lives(43, 0.3));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.5, 1})
  void leavesEveryEnvironmentDoneOrNeverCreated(double failures) {
    for (EnvironmentLife life : lived(7, failures)) {
      assertThat(life.state()).isIn("DONE", "PENDING");
    }
  }

  @Test
  void reachesEveryKindOfFailure() {
    LifeScripts scripts = new LifeScripts(1, 0.3, 0.5);
    Set<FailurePoint> failures = new HashSet<>();
    Set<String> kinds = new HashSet<>();
    Set<Boolean> published = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      published.add(scripts.environment(Set.of()).kafkaEnabled());
      for (LifeStep step : scripts.life()) {
        kinds.add(step.getClass().getSimpleName());
        if (step instanceof LifeStep.Move move) {
          failures.add(move.failure());
        }
      }
    }
    assertThat(failures).containsExactlyInAnyOrder(FailurePoint.values());
    assertThat(kinds)
        .containsExactlyInAnyOrder(
            "Create",
            "Announce",
            "NotCreated",
            "CreationFailed",
            "Move",
            "GoError",
            "NotDestroyed",
            "Destroy");
    assertThat(published).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void inventsIdsLikeThoseOfAliEcs() {
    EnvironmentSetup setup = new LifeScripts(1, 0, 0).environment(Set.of());
    assertThat(setup.environmentId()).matches("2[1-9A-HJ-NP-Za-km-z]{10}");
    assertThat(setup.detectors()).isNotEmpty().doesNotHaveDuplicates();
    assertThat(setup.kafkaEnabled()).isTrue();
  }

  @Test
  void givesADetectorToOneEnvironmentAtATime() {
    LifeScripts scripts = new LifeScripts(1, 0, 0);
    Set<String> taken = new HashSet<>(Set.of("ITS"));
    for (int i = 0; i < 100; i++) {
      List<String> detectors = scripts.environment(taken).detectors();
      assertThat(detectors).isNotEmpty().doesNotContainAnyElementsOf(taken);
      taken.addAll(detectors);
    }
  }

  @Test
  void makesForeignEventsThatParseWithoutPayload() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      SimulatedEvent foreign = ForeignEvents.any(random, "env", Instant.EPOCH);
      var parsed = Event.parseFrom(foreign.event().toByteArray());
      assertThat(parsed.getPayloadCase().getNumber()).isZero();
      assertThat(parsed.getUnknownFields().asMap()).hasSize(1);
    }
  }

  private static List<List<String>> lives(long seed, double failures) {
    LifeScripts scripts = new LifeScripts(seed, failures, 0.2);
    List<List<String>> all = new ArrayList<>();
    AtomicLong runs = new AtomicLong(500_000);
    for (int i = 0; i < 20; i++) {
      EnvironmentLife life =
          new EnvironmentLife(
              scripts.environment(Set.of()),
              scripts.life(),
              () -> Instant.EPOCH,
              runs::getAndIncrement);
      List<String> lines = new ArrayList<>(List.of(life.setup().toString()));
      lines.addAll(EventText.lines(life.rest()));
      all.add(lines);
    }
    return all;
  }

  private static List<EnvironmentLife> lived(long seed, double failures) {
    LifeScripts scripts = new LifeScripts(seed, failures, 0);
    List<EnvironmentLife> all = new ArrayList<>();
    AtomicLong runs = new AtomicLong(500_000);
    for (int i = 0; i < 200; i++) {
      EnvironmentLife life =
          new EnvironmentLife(
              scripts.environment(Set.of()),
              scripts.life(),
              () -> Instant.EPOCH,
              runs::getAndIncrement);
      assertThat(life.rest()).isNotEmpty();
      all.add(life);
    }
    return all;
  }
}
