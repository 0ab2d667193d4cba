package io.aliecs.relay.lab.verify.expected;

import io.aliecs.relay.proto.kafka.NewStateNotification;

/** A message about one environment that the contract demands, to the last field. */
public record ExpectedMessage(String topic, NewStateNotification value) {}
