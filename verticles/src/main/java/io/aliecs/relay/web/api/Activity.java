package io.aliecs.relay.web.api;

import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened on this host in the last hours, minute by minute, for a plot: changes, how long
 * they took to Kafka, and how many waited. In memory alone; it begins anew with the process. Not
 * thread safe.
 */
public final class Activity {
  static final long BUCKET_MS = 60_000;
  static final int BUCKETS = 360;

  /** Delays are kept to about 9 %: eight classes from each power of two to the next. */
  private static final int CLASSES_A_DOUBLING = 8;

  /** The backlog of an outage is long, and what is delivered at once is not. */
  private static final int ENTRIES_A_LOOK = 512;

  private static final int CLASSES = 28 * CLASSES_A_DOUBLING;

  private final Deque<Bucket> buckets = new ArrayDeque<>();
  private @Nullable RelayState before;
  private long since = Long.MAX_VALUE;

  private static final class Bucket {
    private final long time;
    private final int[] delays = new int[CLASSES];
    private long transitions;
    private long delivered;
    private int measured;
    private long delayMax;
    private int backlogMax;

    Bucket(long time) {
      this.time = time;
    }

    void delay(long ms) {
      int at = (int) (CLASSES_A_DOUBLING * Math.log(ms + 1.0) / Math.log(2));
      delays[Math.min(at, CLASSES - 1)]++;
      measured++;
      delayMax = Math.max(delayMax, ms);
    }

    /** The delay that this share of all did not exceed, or null when there was none. */
    @Nullable Long quantile(double share) {
      long rank = (long) Math.ceil(share * measured);
      long seen = 0;
      for (int at = 0; at < CLASSES && measured > 0; at++) {
        seen += delays[at];
        if (seen >= rank) {
          long upper = Math.round(Math.pow(2, (at + 1.0) / CLASSES_A_DOUBLING)) - 1;
          return Math.min(upper, delayMax);
        }
      }
      return null;
    }

    JsonObject toJson() {
      return new JsonObject()
          .put("time", time)
          .put("transitions", transitions)
          .put("delivered", delivered)
          .put("delayP50Ms", quantile(0.5))
          .put("delayP99Ms", quantile(0.99))
          .put("delayMaxMs", measured == 0 ? null : delayMax)
          .put("backlogMax", backlogMax);
    }
  }

  /**
   * Counts what a change of the state means.
   *
   * @param now ms since epoch; a clock that goes back counts into the newest minute
   */
  public void observe(StateChanged change, long now) {
    RelayState after = change.state();
    RelayState known = before;
    before = after;
    Bucket bucket = bucket(now);
    bucket.backlogMax = Math.max(bucket.backlogMax, after.outbox().size());
    if (known == null) {
      return; // what was before this process is no activity of now
    }
    for (String id : change.environmentIds()) {
      Environment environment = after.find(id);
      bucket.transitions += environment == null ? 0 : environment.stepsSince(known.find(id)).size();
    }
    delivered(bucket, known.outbox(), after.outbox(), now);
  }

  private static void delivered(Bucket bucket, Outbox known, Outbox after, long now) {
    if (after.deliveredId() <= known.deliveredId()) {
      return;
    }
    bucket.delivered += after.deliveredId() - known.deliveredId();
    long sequence = known.delivered();
    List<OutboxEntry> some = known.after(sequence, ENTRIES_A_LOOK);
    while (!some.isEmpty()) {
      for (OutboxEntry entry : some) {
        if (entry.id() > after.deliveredId()) {
          return;
        }
        if (entry.id() > known.deliveredId()) {
          bucket.delay(Math.max(0, now - entry.timestamp()));
        }
        sequence = entry.sequence();
      }
      some = known.after(sequence, ENTRIES_A_LOOK);
    }
  }

  private Bucket bucket(long now) {
    long time = now - Math.floorMod(now, BUCKET_MS);
    since = Math.min(since, time);
    Bucket newest = buckets.peekLast();
    if (newest != null && time <= newest.time) {
      return newest;
    }
    Bucket fresh = new Bucket(time);
    buckets.addLast(fresh);
    while (buckets.element().time <= time - BUCKETS * BUCKET_MS) {
      buckets.remove();
    }
    return fresh;
  }

  /** Every minute up to now, those without anything too. */
  JsonObject toJson(long now) {
    long last = bucket(now).time;
    long from = last - (BUCKETS - 1) * BUCKET_MS;
    JsonArray array = new JsonArray();
    long next = from;
    for (Bucket bucket : buckets) {
      for (; next < bucket.time; next += BUCKET_MS) {
        array.add(new Bucket(next).toJson());
      }
      array.add(bucket.toJson());
      next = bucket.time + BUCKET_MS;
    }
    return new JsonObject()
        .put("bucketMs", BUCKET_MS)
        .put("from", from)
        .put("since", since)
        .put("buckets", array);
  }
}
