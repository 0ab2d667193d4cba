package io.aliecs.relay.config;

import io.aliecs.relay.testkit.standin.ConsulStandIn;
import io.vertx.core.Vertx;

/** The contract against the stand-in of {@code dev}. */
class StandInContractTest extends ConsulContract {

  @Override
  String startConsul(Vertx vertx) throws Exception {
    return "127.0.0.1:" + ConsulStandIn.start(vertx, "127.0.0.1", 0).await().port();
  }
}
