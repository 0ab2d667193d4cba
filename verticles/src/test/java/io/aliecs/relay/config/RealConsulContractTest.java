package io.aliecs.relay.config;

import io.aliecs.relay.testkit.ConsulProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract against HashiCorp's Consul. */
class RealConsulContractTest extends ConsulContract {

  @TempDir Path folder;
  private ConsulProcess consul;

  @Override
  String startConsul() throws Exception {
    consul = ConsulProcess.inMemory(folder);
    return consul.address();
  }

  @Override
  void stopConsul() {
    if (consul != null) {
      consul.close();
    }
  }
}
