package io.aliecs.relay.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.journal.codec.EntryReader;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.BatchReply;
import io.aliecs.relay.proto.journal.CommandReply;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class CommandQueueTest {
  private Context context;
  private final List<Batch> written = new CopyOnWriteArrayList<>();
  private final List<CompletableFuture<BatchReply>> replies = new CopyOnWriteArrayList<>();
  private CommandQueue queue;

  @BeforeEach
  void start(Vertx vertx) {
    context = vertx.getOrCreateContext();
    queue = new CommandQueue(context, this::write);
  }

  @Test
  void whatComesWhileAnEntryIsWrittenIsWrittenAsTheNextEntryInOrder() {
    append(delivered(1));
    await().until(() -> written.size() == 1);
    List<Future<List<TransitionReply>>> later = new ArrayList<>();
    for (int i = 2; i <= 100; i++) {
      later.add(append(delivered(i)));
    }
    awaitContext();
    assertThat(written).hasSize(1);
    succeed(0);
    await().until(() -> written.size() == 2);
    assertThat(written.get(1).getCommandList())
        .extracting(command -> command.getDelivered().getSequence())
        .containsExactlyElementsOf(
            java.util.stream.LongStream.rangeClosed(2, 100).boxed().toList());
    succeed(1);
    await().until(() -> later.stream().allMatch(Future::succeeded));
    append(Collections.nCopies(CommandQueue.LIMIT, new Command.Delivered(1)));
    await().until(() -> written.size() == 3);
  }

  @Test
  void aFailedEntryFailsItsRequestsAsNotReadyAndTheNextIsWritten() {
    Future<List<TransitionReply>> first = append(delivered(1));
    await().until(() -> written.size() == 1);
    Future<List<TransitionReply>> second = append(delivered(2));
    replies.get(0).completeExceptionally(new java.io.IOException("disk full"));
    await().until(first::failed);
    assertThat(FailureCode.NOT_READY.is(first.cause())).isTrue();
    assertThat(first.cause()).hasMessageContaining("disk full");
    await().until(() -> written.size() == 2);
    succeed(1);
    await().until(second::succeeded);
  }

  @Test
  void moreCommandsThanMayWaitAreRefusedAndTheOthersGoOn() {
    append(delivered(1));
    Future<List<TransitionReply>> tooMany =
        append(Collections.nCopies(CommandQueue.LIMIT, new Command.Delivered(1)));
    await().until(tooMany::failed);
    assertThat(FailureCode.NOT_READY.is(tooMany.cause())).isTrue();
    assertThat(tooMany.cause()).hasMessageContaining("expected: at most " + CommandQueue.LIMIT);
  }

  @Test
  void aRequestOfTooManyBytesIsRefusedAndLargeOnesDoNotShareAnEntry() {
    Future<List<TransitionReply>> tooLarge = append(Collections.nCopies(200, large()));
    await().until(tooLarge::failed);
    assertThat(FailureCode.REFUSED.is(tooLarge.cause())).isTrue();

    append(delivered(1));
    await().until(() -> written.size() == 1);
    append(Collections.nCopies(90, large()));
    append(Collections.nCopies(90, large()));
    succeed(0);
    await().until(() -> written.size() == 2);
    assertThat(written.get(1).getSerializedSize()).isLessThan(EntryReader.REQUEST_BYTES);
    assertThat(written.get(1).getCommandCount()).isEqualTo(90);
  }

  private static List<Command> delivered(long sequence) {
    return List.of(new Command.Delivered(sequence));
  }

  private static Command large() {
    return EnvironmentEvent.builder("env", EventType.OBSERVED, 1)
        .eventId("large")
        .observed(true)
        .detectors(Collections.nCopies(128, "D".repeat(128)))
        .build();
  }

  private CompletableFuture<BatchReply> write(Batch batch) {
    CompletableFuture<BatchReply> reply = new CompletableFuture<>();
    replies.add(reply);
    written.add(batch);
    return reply;
  }

  private void succeed(int entry) {
    BatchReply.Builder reply = BatchReply.newBuilder();
    for (int i = 0; i < written.get(entry).getCommandCount(); i++) {
      reply.addReply(CommandReply.newBuilder().setVerdict("APPLIED"));
    }
    replies.get(entry).complete(reply.build());
  }

  private Future<List<TransitionReply>> append(List<Command> commands) {
    Promise<List<TransitionReply>> promise = Promise.promise();
    context.runOnContext(ignored -> queue.append(commands).onComplete(promise));
    return promise.future();
  }

  private void awaitContext() {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    context.runOnContext(turn::complete);
    turn.join();
  }
}
