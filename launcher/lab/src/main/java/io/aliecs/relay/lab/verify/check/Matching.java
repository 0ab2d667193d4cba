package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.ExpectedMessage;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds for each record the expected message that it is, and what has none. Identical messages are
 * distinguished by their order. Lives for one check on one thread.
 */
final class Matching {
  private static final String ANNOUNCED = "aliecs.before_start_activity";

  private final Findings findings;
  private final boolean repeatsAllowed;
  private final Map<Object, Deque<Track>> open = new HashMap<>();
  private final Map<String, Track> byId = new HashMap<>();
  private final Map<Track, ReadRecord> matched = new LinkedHashMap<>();
  private final List<Track> tracks = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private long repeated;

  /** What makes a notification the expected one: everything. */
  private record NoticeKey(String topic, NewStateNotification value) {

    /** The time of an announcement is checked apart. */
    static NoticeKey of(String topic, NewStateNotification value) {
      return topic.equals(ANNOUNCED)
          ? new NoticeKey(topic, value.toBuilder().clearTimestamp().build())
          : new NoticeKey(topic, value);
    }
  }

  /** What makes a list that of a change; its content is checked apart. */
  private record ListKey(String environmentId, long timestamp) {}

  Matching(ExpectedLoad load, Findings findings) {
    this.findings = findings;
    this.repeatsAllowed = findings.isolation().allowsRepeats(load);
    for (ExpectedChange change : load.changes()) {
      for (ExpectedMessage message : change.messages()) {
        expect(
            NoticeKey.of(message.topic(), message.value()),
            change,
            message,
            message.topic() + " at " + change.timestamp());
      }
      if (change.listed()) {
        expect(
            new ListKey(change.environmentId(), change.timestamp()),
            change,
            null,
            "list at " + change.timestamp());
      }
    }
  }

  private void expect(
      Object key, ExpectedChange change, @Nullable ExpectedMessage message, String what) {
    Track track = new Track(tracks.size(), change, message, what);
    tracks.add(track);
    open.computeIfAbsent(key, k -> new ArrayDeque<>()).add(track);
  }

  /** Finds the place of the next record of a partition; a repetition on demand has none. */
  void add(ReadRecord found) {
    ids.add(found.id());
    if (found.repeat()) {
      return;
    }
    if (found.value() instanceof ReadRecord.Broken broken) {
      findings.add(Kind.INVENTED, found.subject(), broken.reason() + ": " + found.where());
    } else if (found.value() instanceof ReadRecord.Notice notice) {
      match(found, NoticeKey.of(found.topic(), notice.message()));
    } else if (found.value() instanceof ReadRecord.Runs) {
      if (found.subject().isEmpty()) {
        matchStart(found);
      } else {
        match(found, new ListKey(found.subject(), found.time()));
      }
    }
  }

  /** A list with which publishing starts; nothing expects it, but it has an id as well. */
  private void matchStart(ReadRecord found) {
    Track none = new Track(-1, NOTHING, null, "list at the start");
    if (byId.putIfAbsent(found.id(), none) != null) {
      repeat(found, "");
    }
  }

  private static final ExpectedChange NOTHING =
      new ExpectedChange(-1, "", 0, true, List.of(), true, null);

  private void match(ReadRecord found, Object key) {
    Deque<Track> places = open.get(key);
    String environmentId = environmentOf(found);
    if (places == null) {
      findings.add(Kind.INVENTED, environmentId, "nothing explains " + describe(found));
      return;
    }
    if (byId.containsKey(found.id())) {
      repeat(found, environmentId);
      return;
    }
    Track track = places.poll();
    if (track == null) {
      findings.add(Kind.DOUBLED, environmentId, "again, under another id: " + describe(found));
      return;
    }
    if (!isInTime(found, track)) {
      findings.add(Kind.INVENTED, environmentId, "at another time: " + describe(found));
    }
    byId.put(found.id(), track);
    matched.put(track, found);
  }

  /** A run is announced when it has its number, or where that was lost with its first event. */
  private static boolean isInTime(ReadRecord found, Track track) {
    ExpectedMessage message = track.message();
    if (message == null
        || !message.topic().equals(ANNOUNCED)
        || !(found.value() instanceof ReadRecord.Notice notice)) {
      return true;
    }
    long time = notice.message().getTimestamp();
    return time == message.value().getTimestamp() || time == track.change().timestamp();
  }

  private void repeat(ReadRecord found, String environmentId) {
    if (repeatsAllowed) {
      repeated++;
    } else {
      findings.add(Kind.DOUBLED, environmentId, "again: " + describe(found));
    }
  }

  private static String environmentOf(ReadRecord found) {
    return found.value() instanceof ReadRecord.Notice notice
        ? notice.message().getEnvInfo().getEnvironmentId()
        : found.subject();
  }

  static String describe(ReadRecord found) {
    String value =
        found.value() instanceof ReadRecord.Notice notice
            ? notice.message().toString().replace('\n', ' ')
            : "list of " + found.subject();
    return value + " in " + found.where() + " cause " + found.cause();
  }

  /** Every expected message, in the order of the load. */
  List<Track> tracks() {
    return tracks;
  }

  /** The record of each expected message that was found. */
  Map<Track, ReadRecord> matched() {
    return matched;
  }

  /** The record's expected message was found under this id; null for what nothing expects. */
  Map<String, Track> byId() {
    return byId;
  }

  /** The id of every record, whether it was expected or not. */
  Set<String> ids() {
    return ids;
  }

  long repeated() {
    return repeated;
  }
}
