package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.Await;
import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Changes through control hosts in this process, and the same records through a bare producer. The
 * broker is a process of its own. For one thread.
 */
final class Workload implements AutoCloseable {
  private static final int RECORDS_OF_AN_ENTRY = 2;
  private static final int BATCH = 500;
  private static final int IN_FLIGHT = 200;
  private static final long READ_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final KafkaProcess kafka;
  private final BenchHost host;
  private final CommittedReader reader;
  private final BareProducer bare;
  private final AtomicInteger names = new AtomicInteger();
  private final List<BenchEnvironment> sending = new ArrayList<>();
  private int tracked;
  private int active;

  /** For each change: until the reply, from the reply to the reader, from sending to the reader. */
  record Times(Samples accepted, Samples readable, Samples sent) {}

  /**
   * Starts all of it.
   *
   * @param hosts how many control hosts
   */
  Workload(int hosts) throws Exception {
    Path folder = Files.createTempDirectory("delivery-bench");
    kafka = KafkaProcess.start(folder.resolve("kafka"), 0);
    host = BenchHost.start(folder.resolve("journals"), kafka.bootstrapServers(), hosts);
    reader = CommittedReader.start(kafka.bootstrapServers(), Topics.published());
    bare = new BareProducer(kafka.bootstrapServers());
  }

  KafkaProcess kafka() {
    return kafka;
  }

  private BenchEnvironment newEnvironment() {
    BenchEnvironment made = new BenchEnvironment("bench-" + names.incrementAndGet());
    host.send(made.created()).await();
    tracked++;
    return made;
  }

  /** So many environments that have senders of their own. */
  private List<BenchEnvironment> senders(int count) {
    while (sending.size() < count) {
      sending.add(newEnvironment());
    }
    return sending.subList(0, count);
  }

  /** Entered states, each sent once the one before was read. */
  Times oneByOne(int changes) throws Exception {
    BenchEnvironment environment = newEnvironment();
    Times times = new Times(new Samples(), new Samples(), new Samples());
    for (int i = 0; i < changes; i++) {
      JsonObject leaving = environment.next();
      CompletableFuture<Long> left = reader.awaits(leaving.getString("eventId"), 1);
      host.send(leaving).await();
      left.get();
      JsonObject entered = environment.next();
      CompletableFuture<Long> read =
          reader.awaits(entered.getString("eventId"), RECORDS_OF_AN_ENTRY);
      long began = System.nanoTime();
      long replied = host.send(entered).map(reply -> System.nanoTime()).await();
      long seen = read.get();
      times.accepted().add(began, replied);
      times.readable().add(replied, Math.max(replied, seen));
      times.sent().add(began, seen);
    }
    return times;
  }

  /** The records of entered states, each in a transaction sent once the one before was read. */
  Samples bareOneByOne(int changes) throws Exception {
    List<ConsumerRecord<String, byte[]>> records = entry();
    Samples times = new Samples();
    for (int i = 0; i < changes; i++) {
      String cause = "bare-" + names.incrementAndGet();
      CompletableFuture<Long> read = reader.awaits(cause, RECORDS_OF_AN_ENTRY);
      long began = System.nanoTime();
      bare.send(records, List.of(cause));
      times.add(began, read.get());
    }
    return times;
  }

  private List<ConsumerRecord<String, byte[]>> entry() {
    return List.of(reader.newest(BenchEnvironment.DEPLOYED), reader.newest(Topics.ACTIVE_RUNS));
  }

  /** Size of the newest list of active runs. */
  int listBytes() {
    return reader.newest(Topics.ACTIVE_RUNS).value().length;
  }

  /** Changes a second to the reader, of so many senders that each wait for their replies. */
  double rate(int senders, int changes) throws Exception {
    int each = Math.max(2, changes / senders / 2 * 2);
    List<BenchEnvironment> environments = senders(senders);
    host.awaitDrained();
    long before = settled();
    long began = System.nanoTime();
    Future.all(environments.stream().map(one -> drive(one, each)).toList()).await();
    return toReader(before, began, senders, each);
  }

  private Future<Void> drive(BenchEnvironment environment, int changes) {
    Promise<Void> done = Promise.promise();
    drive(environment, changes, done);
    return done.future();
  }

  private void drive(BenchEnvironment environment, int changes, Promise<Void> done) {
    if (changes == 0) {
      done.complete();
      return;
    }
    host.send(environment.next())
        .onSuccess(reply -> drive(environment, changes - 1, done))
        .onFailure(done::fail);
  }

  /** The same records by the bare producer, as many in a transaction as there are senders. */
  double bareRate(int senders, int changes) {
    List<ConsumerRecord<String, byte[]>> leaving =
        List.of(reader.newest("aliecs.env_leave_state.DEPLOYED"));
    List<ConsumerRecord<String, byte[]>> entry = entry();
    int each = Math.max(2, changes / senders / 2 * 2);
    long before = settled();
    long began = System.nanoTime();
    for (int step = 0; step < each; step++) {
      for (int from = 0; from < senders; from += BATCH) {
        List<String> causes = new ArrayList<>();
        for (int i = from; i < Math.min(senders, from + BATCH); i++) {
          causes.add("bare-" + names.incrementAndGet());
        }
        bare.send(step % 2 == 0 ? leaving : entry, causes);
      }
    }
    return toReader(before, began, senders, each);
  }

  /** How many records were read, once nothing more comes. */
  private long settled() {
    long before = -1;
    long now = reader.count();
    while (before != now) {
      before = now;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      now = reader.count();
    }
    return now;
  }

  /** Waits until all changes of all senders were read; how many those were a second. */
  private double toReader(long before, long began, int senders, int each) {
    long records = before + senders * (each / 2L) * (1 + RECORDS_OF_AN_ENTRY);
    long sent = System.nanoTime();
    while (reader.count() < records) {
      if (System.nanoTime() - sent > READ_LIMIT_NANOS) {
        throw new IllegalStateException(
            reader.count() + " records were read (expected: " + records + ")");
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
    }
    return senders * (double) each / ((System.nanoTime() - began) / 1e9);
  }

  /** Makes environments until so many are tracked. */
  void track(int wanted) throws Exception {
    Semaphore free = new Semaphore(IN_FLIGHT);
    for (; tracked < wanted; tracked++) {
      free.acquire();
      BenchEnvironment made = new BenchEnvironment("bench-" + names.incrementAndGet());
      var unused = host.send(made.created()).onComplete(done -> free.release());
    }
    free.acquire(IN_FLIGHT);
    host.awaitDrained();
  }

  /** Starts runs until so many are active. */
  void activate(int wanted) throws Exception {
    for (; active < wanted; active++) {
      BenchEnvironment made = newEnvironment();
      Future<?> last = Future.succeededFuture();
      for (JsonObject event : made.started(active + 1)) {
        last = host.send(event);
      }
      last.await();
    }
    host.awaitDrained();
  }

  /**
   * Entered states at a steady rate, whether those before were read or not.
   *
   * @return from sending to the reader
   */
  Samples steady(int rate, long seconds) throws Exception {
    List<BenchEnvironment> environments = senders(rate);
    Samples times = new Samples();
    Deque<CompletableFuture<?>> open = new ArrayDeque<>();
    long began = System.nanoTime();
    for (long i = 0; i < rate * seconds; i++) {
      Await.moment(began + TimeUnit.SECONDS.toNanos(i) / rate);
      JsonObject event = environments.get((int) (i % rate)).next();
      int records = event.getString("moment").equals("ENTERED") ? RECORDS_OF_AN_ENTRY : 1;
      long sent = System.nanoTime();
      open.add(
          reader
              .awaits(event.getString("eventId"), records)
              .thenAccept(read -> times.add(sent, read)));
      var unused = host.send(event);
      while (open.size() > IN_FLIGHT * rate / 10) {
        open.remove().get();
      }
    }
    for (CompletableFuture<?> one : open) {
      one.get();
    }
    return times;
  }

  /** How long the sender waits for its replies at a steady rate, over so many seconds. */
  Samples waits(int rate, int seconds) {
    List<BenchEnvironment> environments = senders(rate);
    Samples times = new Samples();
    List<Future<?>> replies = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < rate * seconds; i++) {
      Await.moment(began + TimeUnit.SECONDS.toNanos(i) / rate);
      long sent = System.nanoTime();
      replies.add(
          host.send(environments.get(i % rate).next())
              .onSuccess(reply -> times.add(sent, System.nanoTime())));
    }
    Future.all(replies).await();
    return times;
  }

  void awaitDrained() throws InterruptedException {
    host.awaitDrained();
  }

  @Override
  public void close() throws TimeoutException {
    bare.close();
    reader.close();
    host.close();
    kafka.close();
  }
}
