package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.bench.figures.Histogram;
import io.aliecs.relay.lab.bench.figures.Latencies;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Changes through the relay, and the same records through the bare producer. For one thread. */
final class Workload {
  private static final int RECORDS_OF_AN_ENTRY = 2;
  private static final int BATCH = 500;
  private static final int IN_FLIGHT = 200;

  private final BenchHost host;
  private final CommittedReader reader;
  private final BareProducer bare;
  private final AtomicInteger names = new AtomicInteger();
  private final List<BenchEnvironment> sending = new ArrayList<>();
  private int tracked;
  private int active;

  /** For each change: until the reply, from the reply to the reader, from sending to the reader. */
  record Times(Latencies accepted, Latencies readable, Latencies sent) {}

  Workload(BenchHost host, CommittedReader reader, BareProducer bare) {
    this.host = host;
    this.reader = reader;
    this.bare = bare;
  }

  private BenchEnvironment newEnvironment() throws Exception {
    BenchEnvironment made = new BenchEnvironment("bench-" + names.incrementAndGet());
    host.send(made.created()).await();
    tracked++;
    return made;
  }

  /** Entered states, each sent once the one before was read. */
  Times oneByOne(int changes) throws Exception {
    BenchEnvironment environment = newEnvironment();
    long[] accepted = new long[changes];
    long[] readable = new long[changes];
    long[] sent = new long[changes];
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
      accepted[i] = replied - began;
      readable[i] = Math.max(0, seen - replied);
      sent[i] = seen - began;
    }
    return new Times(new Latencies(accepted), new Latencies(readable), new Latencies(sent));
  }

  /** The records of entered states, each in a transaction sent once the one before was read. */
  Latencies bareOneByOne(int changes) throws Exception {
    List<ConsumerRecord<String, byte[]>> records = entry();
    long[] took = new long[changes];
    for (int i = 0; i < changes; i++) {
      String cause = "bare-" + names.incrementAndGet();
      CompletableFuture<Long> read = reader.awaits(cause, RECORDS_OF_AN_ENTRY);
      long began = System.nanoTime();
      bare.send(records, List.of(cause));
      took[i] = read.get() - began;
    }
    return new Latencies(took);
  }

  private List<ConsumerRecord<String, byte[]>> entry() {
    return List.of(reader.newest(BenchEnvironment.DEPLOYED), reader.newest(Topics.ACTIVE_RUNS));
  }

  /** Changes a second to the reader, of so many senders that each wait for their replies. */
  double rate(int senders, int changes) throws Exception {
    int each = Math.max(2, changes / senders / 2 * 2);
    while (sending.size() < senders) {
      sending.add(newEnvironment());
    }
    host.awaitDrained();
    long before = settled();
    long began = System.nanoTime();
    List<Future<?>> done = new ArrayList<>();
    for (BenchEnvironment environment : sending.subList(0, senders)) {
      done.add(drive(environment, each));
    }
    for (Future<?> one : done) {
      one.await();
    }
    awaitCount(before + senders * (each / 2L) * (1 + RECORDS_OF_AN_ENTRY));
    return senders * (double) each / seconds(began);
  }

  private Future<?> drive(BenchEnvironment environment, int changes) {
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
  double bareRate(int senders, int changes) throws Exception {
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
    awaitCount(before + senders * (each / 2L) * (1 + RECORDS_OF_AN_ENTRY));
    return senders * (double) each / seconds(began);
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

  private void awaitCount(long records) {
    while (reader.count() < records) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
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
  Histogram steady(int rate, long seconds) throws Exception {
    List<BenchEnvironment> environments = new ArrayList<>();
    for (int i = 0; i < rate; i++) {
      environments.add(newEnvironment());
    }
    Histogram times = new Histogram();
    Deque<CompletableFuture<?>> open = new ArrayDeque<>();
    long began = System.nanoTime();
    for (long i = 0; i < rate * seconds; i++) {
      pause(began + TimeUnit.SECONDS.toNanos(i) / rate);
      JsonObject event = environments.get((int) (i % rate)).next();
      int records = event.getString("moment").equals("ENTERED") ? RECORDS_OF_AN_ENTRY : 1;
      long sending = System.nanoTime();
      open.add(
          reader
              .awaits(event.getString("eventId"), records)
              .thenAccept(
                  seen -> {
                    synchronized (times) {
                      times.add(seen - sending);
                    }
                  }));
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

  private static void pause(long until) {
    while (System.nanoTime() - until < 0) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  /** How long the sender waits for its replies at a steady rate, over so many seconds. */
  Latencies waits(int rate, int seconds) throws Exception {
    List<BenchEnvironment> environments = new ArrayList<>();
    for (int i = 0; i < rate; i++) {
      environments.add(newEnvironment());
    }
    int all = rate * seconds;
    long[] took = new long[all];
    List<Future<?>> sent = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < all; i++) {
      long due = began + TimeUnit.SECONDS.toNanos(i) / rate;
      pause(due);
      int place = i;
      long sending = System.nanoTime();
      sent.add(
          host.send(environments.get(i % rate).next())
              .onSuccess(reply -> took[place] = System.nanoTime() - sending));
    }
    for (Future<?> one : sent) {
      one.await();
    }
    return new Latencies(took);
  }

  void awaitDrained() throws Exception {
    host.awaitDrained();
  }
}
