package io.aliecs.relay.publisher.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aliecs.relay.domain.command.Command.Refusal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.SimpleRecord;

/**
 * The records of some entries, for one transaction.
 *
 * @param records in their order
 * @param last sequence of the last entry, the watermark once they are in Kafka
 * @param entries how many entries they are of
 * @param listedAt the time of the last list once they are in Kafka, ms since epoch
 */
public record RecordBatch(List<Item> records, long last, int entries, long listedAt) {

  /**
   * A record and the entry that it is of.
   *
   * @param topic by its usual name
   */
  public record Item(long sequence, String topic, ProducerRecord<String, byte[]> record) {
    /** More than a batch, a record or a header has besides its texts and values. */
    private static final int FRAME_BYTES = 100;

    /** What it has at least as many bytes of as {@link #size}; found without encoding it. */
    int sizeAtMost() {
      int bytes = FRAME_BYTES + 3 * record.key().length() + record.value().length;
      for (Header header : record.headers()) {
        bytes += FRAME_BYTES + 3 * header.key().length() + header.value().length;
      }
      return bytes;
    }

    /**
     * Bytes of the smallest batch that it can be sent in: alone, without compression. It is batches
     * that Kafka compares with the limit of their topic, and one that is refused is split down to
     * single records.
     */
    public int size() {
      byte[] key = record.key().getBytes(UTF_8);
      return DefaultRecordBatch.sizeInBytes(
          List.of(new SimpleRecord(0, key, record.value(), record.headers().toArray())));
    }
  }

  public RecordBatch {
    records = List.copyOf(records);
  }

  /** The same without what is refused. */
  public RecordBatch without(Collection<Refusal> refusals) {
    Set<String> refused = new HashSet<>();
    refusals.forEach(refusal -> refused.add(refusal.sequence() + " " + refusal.topic()));
    return new RecordBatch(
        records.stream()
            .filter(item -> !refused.contains(item.sequence() + " " + item.topic()))
            .toList(),
        last,
        entries,
        listedAt);
  }
}
