package io.aliecs.relay.cluster;

import io.vertx.core.Completable;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import java.util.Map;

/**
 * A cluster manager for the bus alone: maps, locks and counters across hosts are refused. For what
 * hosts must agree on there is the journal.
 */
abstract class NothingShared implements ClusterManager {

  @Override
  public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> promise) {
    promise.fail(notShared("map " + name));
  }

  @Override
  public <K, V> Map<K, V> getSyncMap(String name) {
    throw notShared("map " + name);
  }

  @Override
  public void getLockWithTimeout(String name, long timeout, Completable<Lock> promise) {
    promise.fail(notShared("lock " + name));
  }

  @Override
  public void getCounter(String name, Completable<Counter> promise) {
    promise.fail(notShared("counter " + name));
  }

  private static UnsupportedOperationException notShared(String what) {
    return new UnsupportedOperationException(
        what + ": not shared between hosts (expected: a local one, or the journal)");
  }
}
