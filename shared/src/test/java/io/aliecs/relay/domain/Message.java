package io.aliecs.relay.domain;

import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.OutboxMessage.Notification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A message as a reader of Kafka gets it: the environment it is about, or the whole list. */
record Message(String topic, List<EnvironmentInfo> about, long timestamp) {

  static Message message(String topic, long timestamp, EnvironmentInfo... about) {
    return new Message(topic, Arrays.asList(about), timestamp);
  }

  static Message list(long timestamp, EnvironmentInfo... runs) {
    return message("aliecs.env_list.RUNNING", timestamp, runs);
  }

  /** What those entries say, one behind the other, when the last list said {@code runs}. */
  static List<Message> of(List<OutboxEntry> entries, Map<String, EnvironmentInfo> runs) {
    Map<String, EnvironmentInfo> active = new LinkedHashMap<>(runs);
    List<Message> messages = new ArrayList<>();
    for (OutboxEntry entry : entries) {
      for (OutboxMessage message : entry.messages()) {
        Message said = said(message, active, entry);
        if (entry.sends(message.topic())) {
          messages.add(said);
        }
      }
    }
    return messages;
  }

  private static Message said(
      OutboxMessage message, Map<String, EnvironmentInfo> active, OutboxEntry entry) {
    if (message instanceof Notification told) {
      return new Message(told.topic(), List.of(told.environment()), entry.timestamp());
    }
    ActiveRuns delta = (ActiveRuns) message;
    if (delta.endedEnvironmentId() != null) {
      active.remove(delta.endedEnvironmentId());
    }
    if (delta.started() != null) {
      active.put(delta.started().environmentId(), delta.started());
    }
    List<EnvironmentInfo> listed =
        active.values().stream().sorted(EnvironmentInfo.LIST_ORDER).toList();
    return new Message(delta.topic(), listed, entry.listedAt());
  }

  boolean isSor() {
    return topic.equals("aliecs.env_state.RUNNING");
  }

  boolean isEor() {
    return topic.equals("aliecs.env_leave_state.RUNNING");
  }

  boolean isList() {
    return topic.equals("aliecs.env_list.RUNNING");
  }

  EnvironmentInfo environment() {
    return about.get(0);
  }
}
