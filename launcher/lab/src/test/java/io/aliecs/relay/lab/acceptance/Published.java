package io.aliecs.relay.lab.acceptance;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.Map;

/** A record as a reader gets it. */
record Published(
    String topic,
    int partition,
    long offset,
    String key,
    Map<String, String> headers,
    byte[] value) {
  static final String LIST = "aliecs.env_list.RUNNING";
  static final String SOR = "aliecs.env_state.RUNNING";
  static final String EOR = "aliecs.env_leave_state.RUNNING";

  boolean isList() {
    return topic.equals(LIST);
  }

  /** Whether it is the list that is sent when publishing starts. */
  boolean startsPublishing() {
    return isList() && !headers.containsKey("ce_subject");
  }

  String id() {
    return headers.getOrDefault("ce_id", "");
  }

  /** Place of the change it is part of, in the order of all changes. */
  long sequence() {
    return Long.parseLong(headers.getOrDefault("ce_sequence", "-1"));
  }

  /** Place among the messages of one change. */
  int place() {
    return startsPublishing() ? 0 : Integer.parseInt(id().substring(id().lastIndexOf('/') + 1));
  }

  NewStateNotification notification() {
    try {
      return NewStateNotification.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(topic + " offset " + offset + ": no NewStateNotification", e);
    }
  }

  ActiveRunsList list() {
    try {
      return ActiveRunsList.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(topic + " offset " + offset + ": no ActiveRunsList", e);
    }
  }

  /** Topic, key and every field that is present, to compare with {@link Expected}. */
  String text() {
    return text(topic, key, isList() ? list() : notification());
  }

  static String text(String topic, String key, com.google.protobuf.Message message) {
    return topic
        + " ["
        + key
        + "] "
        + TextFormat.printer().emittingSingleLine(true).printToString(message);
  }

  @Override
  public String toString() {
    return partition + "@" + offset + " " + headers.get("ce_sequence") + " " + text();
  }
}
