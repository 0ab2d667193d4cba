package io.aliecs.relay.config;

import io.aliecs.relay.testkit.junit.SharedConsul;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract against HashiCorp's Consul. */
class RealConsulContractTest extends ConsulContract {
  @RegisterExtension static final SharedConsul consul = new SharedConsul();

  @Override
  String startConsul(Vertx vertx) {
    return "127.0.0.1:" + consul.port();
  }
}
