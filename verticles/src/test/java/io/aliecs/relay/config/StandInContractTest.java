package io.aliecs.relay.config;

import io.aliecs.relay.testkit.ConsulStandIn;
import io.vertx.core.Vertx;

/** The contract against the stand-in of {@code dev}. */
class StandInContractTest extends ConsulContract {

  private final Vertx vertx = Vertx.vertx();

  @Override
  String startConsul() throws Exception {
    return "127.0.0.1:" + ConsulFixture.get(ConsulStandIn.start(vertx, "127.0.0.1", 0)).port();
  }

  @Override
  void stopConsul() throws Exception {
    ConsulFixture.get(vertx.close());
  }
}
