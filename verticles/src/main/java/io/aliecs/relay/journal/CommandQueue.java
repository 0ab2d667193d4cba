package io.aliecs.relay.journal;

import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.journal.codec.CommandRecords;
import io.aliecs.relay.journal.codec.EntryReader;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.BatchReply;
import io.aliecs.relay.proto.journal.CommandRecord;
import io.aliecs.relay.proto.journal.CommandReply;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts commands into the journal in the order they came, all that are waiting as one entry, one
 * entry at a time: while one is being written, the next gathers. Lives on one context.
 *
 * <p>Bounded: above {@link #LIMIT} waiting commands, further ones are refused as not ready.
 */
public final class CommandQueue {
  /** The most commands that wait. */
  static final int LIMIT = 10_000;

  private static final int BATCH_LIMIT = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(CommandQueue.class);

  private final Context context;
  private final Function<Batch, CompletableFuture<BatchReply>> append;
  private final Deque<Request> waiting = new ArrayDeque<>();
  private int waitingCommands;
  private boolean writing;

  /** Commands that are kept together, in their order. */
  private record Request(
      List<CommandRecord> commands, int bytes, Promise<List<TransitionReply>> promise) {}

  public CommandQueue(Context context, Function<Batch, CompletableFuture<BatchReply>> append) {
    this.context = context;
    this.append = append;
  }

  /**
   * Appends commands.
   *
   * @return one reply for each, when all are safe; fails with {@link FailureCode#NOT_READY} or
   *     {@link FailureCode#NOT_LEADER} when they may not be, with {@link FailureCode#REFUSED} when
   *     they are too large to be written together
   */
  public Future<List<TransitionReply>> append(List<Command> commands) {
    if (commands.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    if (waitingCommands + commands.size() > LIMIT) {
      return Future.failedFuture(
          FailureCode.NOT_READY.because(
              waitingCommands + " commands are waiting (expected: at most " + LIMIT + ")"));
    }
    List<CommandRecord> records = commands.stream().map(CommandRecords::write).toList();
    int bytes = records.stream().mapToInt(CommandRecord::getSerializedSize).sum();
    if (bytes > EntryReader.REQUEST_BYTES) {
      return Future.failedFuture(
          FailureCode.REFUSED.because(
              commands.size()
                  + " commands of "
                  + bytes
                  + " bytes (expected: at most "
                  + EntryReader.REQUEST_BYTES
                  + " bytes in one request)"));
    }
    Promise<List<TransitionReply>> promise = Promise.promise();
    waiting.add(new Request(records, bytes, promise));
    waitingCommands += commands.size();
    write();
    return promise.future();
  }

  private void write() {
    if (writing || waiting.isEmpty()) {
      return;
    }
    writing = true;
    List<Request> requests = gather();
    Batch.Builder batch = Batch.newBuilder();
    requests.forEach(request -> batch.addAllCommand(request.commands()));
    // No newer than it must be, so that hosts of an older version can go on as long as possible.
    batch.setVersion(
        Math.max(
            EntryReader.RULES_VERSION,
            batch.getCommandList().stream().mapToInt(CommandRecords::version).max().orElse(1)));
    batch.setRules(Rules.CURRENT);
    Future.fromCompletionStage(append.apply(batch.build()), context)
        .onComplete(
            done -> {
              writing = false;
              waitingCommands -= batch.getCommandCount();
              if (done.succeeded()) {
                succeed(requests, done.result());
              } else {
                fail(requests, done.cause());
              }
              write();
            });
  }

  private List<Request> gather() {
    List<Request> gathered = new ArrayList<>();
    int commands = 0;
    int bytes = 0;
    while (!waiting.isEmpty()) {
      Request next = waiting.element();
      commands += next.commands().size();
      bytes += next.bytes();
      if (!gathered.isEmpty() && (commands > BATCH_LIMIT || bytes > EntryReader.REQUEST_BYTES)) {
        break;
      }
      gathered.add(waiting.remove());
    }
    return gathered;
  }

  private static void succeed(List<Request> batch, BatchReply reply) {
    int next = 0;
    for (Request request : batch) {
      int end = next + request.commands().size();
      request
          .promise()
          .complete(
              reply.getReplyList().subList(next, end).stream().map(CommandQueue::read).toList());
      next = end;
    }
  }

  private static TransitionReply read(CommandReply reply) {
    return new TransitionReply(Verdict.valueOf(reply.getVerdict()), reply.getReason());
  }

  private static void fail(List<Request> batch, Throwable cause) {
    Throwable reason =
        cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    LOG.warn(
        "{} requests to the journal failed: {}; their senders are notified, and repeat them",
        batch.size(),
        reason.toString());
    FailureCode code = isNotLeader(reason) ? FailureCode.NOT_LEADER : FailureCode.NOT_READY;
    batch.forEach(request -> request.promise().fail(code.because(reason.toString())));
  }

  private static boolean isNotLeader(Throwable reason) {
    return reason instanceof NotLeaderException
        || reason instanceof LeaderNotReadyException
        || reason instanceof LeaderSteppingDownException;
  }
}
