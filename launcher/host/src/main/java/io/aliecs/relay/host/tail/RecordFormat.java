package io.aliecs.relay.host.tail;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How records are shown: one line, or a block of lines, for each. */
interface RecordFormat {
  /** The text for {@code record}, without a line break at its end. Never throws. */
  String format(ConsumerRecord<byte[], byte[]> record);
}
