package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActivityTest {
  private static final long NOW = 1_700_000_040_000L;

  private final Activity activity = new Activity();
  private RelayState state = RelayState.EMPTY;
  private long index;

  @BeforeEach
  void begin() {
    apply(new Command.SettingsChanged(RunningWeb.PLUGIN_ON, 1), NOW);
  }

  private void apply(Command command, long now) {
    RelayState.Applied applied = state.apply(command);
    state = applied.state();
    activity.observe(new StateChanged(++index, state, applied.environmentIds(), now), now);
  }

  private void created(String id, long at) {
    apply(EnvironmentEvent.builder(id, EventType.CREATED, at).eventId(id).build(), at);
  }

  private JsonObject newest(long now) {
    JsonArray buckets = activity.toJson(now).getJsonArray("buckets");
    return buckets.getJsonObject(buckets.size() - 1);
  }

  @Test
  void changesAndTheirWayToKafkaAreCountedInTheirMinute() {
    created("a", NOW);
    created("b", NOW + 10);
    apply(
        EnvironmentEvent.builder("a", EventType.LEAVING, NOW + 20)
            .eventId("x")
            .transition(Transition.DEPLOY)
            .build(),
        NOW + 20);
    apply(new Command.Delivered(2), NOW + 110);
    JsonObject bucket = newest(NOW + 120);
    assertThat(bucket.getLong("transitions")).isEqualTo(3);
    assertThat(bucket.getLong("delivered")).isEqualTo(2);
    assertThat(bucket.getLong("delayMaxMs")).isEqualTo(110);
    assertThat(bucket.getLong("delayP50Ms")).isBetween(100L, 110L);
    assertThat(bucket.getInteger("backlogMax")).isEqualTo(3);
  }

  @Test
  void minutesWithoutAnythingAreThereAndOldOnesGo() {
    created("a", NOW);
    created("b", NOW + 5 * Activity.BUCKET_MS);
    JsonArray buckets = activity.toJson(NOW + 6 * Activity.BUCKET_MS).getJsonArray("buckets");
    assertThat(buckets).hasSize(Activity.BUCKETS);
    assertThat(buckets.stream().mapToLong(b -> ((JsonObject) b).getLong("transitions")).sum())
        .isEqualTo(2);
    assertThat(buckets.getJsonObject(Activity.BUCKETS - 1).getLong("delayP50Ms")).isNull();
    for (int i = 1; i < buckets.size(); i++) {
      assertThat(buckets.getJsonObject(i).getLong("time"))
          .isEqualTo(buckets.getJsonObject(i - 1).getLong("time") + Activity.BUCKET_MS);
    }
    long later = NOW + (Activity.BUCKETS + 10) * Activity.BUCKET_MS;
    assertThat(activity.toJson(later).getJsonArray("buckets").stream())
        .allMatch(b -> ((JsonObject) b).getLong("transitions") == 0);
  }

  @Test
  void itSaysSinceWhenItKnows() {
    created("a", NOW);
    created("b", NOW + 5 * Activity.BUCKET_MS);
    long begin = NOW - Math.floorMod(NOW, Activity.BUCKET_MS);
    assertThat(activity.toJson(NOW + 6 * Activity.BUCKET_MS).getLong("since")).isEqualTo(begin);
  }

  @Test
  void whatWasThereBeforeTheProcessIsNoActivity() {
    created("a", NOW);
    Activity fresh = new Activity();
    fresh.observe(new StateChanged(9, state, Set.of("a"), NOW), NOW);
    JsonArray buckets = fresh.toJson(NOW).getJsonArray("buckets");
    assertThat(buckets.getJsonObject(buckets.size() - 1).getLong("transitions")).isZero();
  }

  @Test
  void aClockThatGoesBackCountsIntoTheNewestMinute() {
    created("a", NOW);
    created("b", NOW - 3_600_000);
    assertThat(newest(NOW).getLong("transitions")).isEqualTo(2);
  }

  @Test
  void theTailShowsInTheNinetyNinth() {
    for (int i = 0; i < 200; i++) {
      created("env" + i, NOW);
    }
    apply(new Command.Delivered(195), NOW + 10);
    apply(new Command.Delivered(200), NOW + 5_000);
    JsonObject bucket = newest(NOW + 5_000);
    assertThat(bucket.getLong("delayP50Ms")).isBetween(10L, 11L);
    assertThat(bucket.getLong("delayP99Ms")).isBetween(4_900L, 5_000L);
  }
}
