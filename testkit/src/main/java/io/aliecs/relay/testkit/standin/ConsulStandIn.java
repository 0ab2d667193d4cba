package io.aliecs.relay.testkit.standin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * A stand-in for what of Consul the relay and its operators ask, for laptops that have none: keys
 * at {@code /v1/kv} with blocking queries, sets and gets at {@code /v1/txn}, and services without
 * checks, modelled on Consul 1.8.7. Keeps everything in memory: one started anew is empty and its
 * indexes start over.
 *
 * <p>Thread-safe; runs on one event loop of the Vert.x it is given.
 */
public final class ConsulStandIn {
  private final Vertx vertx;
  private final String deploymentId;
  private final String host;
  private final int port;

  private ConsulStandIn(Vertx vertx, String deploymentId, String host, int port) {
    this.vertx = vertx;
    this.deploymentId = deploymentId;
    this.host = host;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param host address to listen on, 127.0.0.1 for this machine only
   * @param port port to listen on; 0 takes a free one
   * @return fails when it cannot listen there
   */
  public static Future<ConsulStandIn> start(Vertx vertx, String host, int port) {
    ConsulVerticle verticle = new ConsulVerticle(host, port);
    return vertx
        .deployVerticle(verticle)
        .map(id -> new ConsulStandIn(vertx, id, host, verticle.port()));
  }

  /** Where it is, as {@code CONSUL_HTTP_ADDR} has it: {@code http://127.0.0.1:8500}. */
  public String address() {
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Stops it; requests that wait are cut. */
  public Future<Void> close() {
    return vertx.undeploy(deploymentId);
  }
}
