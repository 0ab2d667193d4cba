package io.aliecs.relay.publisher;

import io.aliecs.relay.domain.command.Command.Refusal;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.publisher.records.RecordBatch;
import io.aliecs.relay.publisher.records.RecordMapper;
import io.aliecs.relay.publisher.records.RecordsRejectedException;
import io.aliecs.relay.publisher.session.KafkaSession;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An open session, what it is for, and how far it has come. Immutable but for its session and its
 * mapper, which belong to the worker.
 *
 * @param generation of the settings it publishes for
 * @param sent sequence of the last entry that is in Kafka
 * @param unsent records that are mapped and were not taken, or null
 * @param missing what was found missing from the journal when the session took over, empty if
 *     nothing
 */
record Publishing(
    KafkaSession session,
    long generation,
    RecordMapper mapper,
    String journalId,
    long epoch,
    long sent,
    @Nullable RecordBatch unsent,
    String missing) {

  /**
   * What came of an attempt to send.
   *
   * @param refused what Kafka refuses for good; none of the batch is in Kafka unless it is empty
   */
  record Attempt(RecordBatch batch, List<Refusal> refused) {}

  /**
   * Sends what was not taken, or else the next entries, as one transaction. Blocks; call it on the
   * worker.
   *
   * @param resending topics for which somebody has asked to try anew
   */
  Attempt send(List<OutboxEntry> entries, Set<String> resending)
      throws InterruptedException, ExecutionException, TimeoutException {
    RecordBatch batch = unsent == null ? mapper.map(entries) : unsent;
    session.refusals().forgetTooLarge(resending);
    List<Refusal> refused = session.refusals().of(batch);
    if (refused.isEmpty()) {
      try {
        session.send(batch, journalId, epoch);
      } catch (RecordsRejectedException refusal) {
        refused = refusal.refusals();
      }
    }
    return new Attempt(batch, refused);
  }

  /** After a batch was sent. */
  Publishing sent(RecordBatch batch) {
    return new Publishing(
        session, generation, mapper, journalId, epoch, batch.last(), null, missing);
  }

  /** After what is refused was parked. */
  Publishing parked(Attempt attempt) {
    RecordBatch rest = attempt.batch().without(attempt.refused());
    return new Publishing(session, generation, mapper, journalId, epoch, sent, rest, missing);
  }
}
