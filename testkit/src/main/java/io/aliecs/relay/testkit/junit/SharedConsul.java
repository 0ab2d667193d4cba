package io.aliecs.relay.testkit.junit;

import io.aliecs.relay.testkit.consul.ConsulApi;
import io.aliecs.relay.testkit.consul.ConsulProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * A real Consul for all tests of a JVM that neither stop nor set up theirs; each finds it without
 * keys. It starts with the first class that has this extension and ends with the last class of the
 * JVM.
 *
 * <p>Its indexes go on from test to test, as those of a Consul that is in use do.
 */
public final class SharedConsul implements BeforeAllCallback, BeforeEachCallback {
  private @Nullable Server server;

  private static final class Server implements AutoCloseable {
    private final SharedFolder folder = SharedFolder.make("consul");
    private final ConsulProcess process = start();
    private final ConsulApi api = process.api();

    private ConsulProcess start() {
      try {
        return ConsulProcess.inMemory(folder.path());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      process.close();
      folder.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    server =
        context
            .getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(SharedConsul.class))
            .getOrComputeIfAbsent(Server.class, key -> new Server(), Server.class);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    api().request("DELETE", "/v1/kv/?recurse", new byte[0]);
  }

  /** Its port on 127.0.0.1. */
  public int port() {
    return server().process.port();
  }

  /** Its API, as operators use it. */
  public ConsulApi api() {
    return server().api;
  }

  private Server server() {
    return Objects.requireNonNull(server, "expected: @RegisterExtension on a static field");
  }
}
