package io.aliecs.relay.testkit.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;

/** A temporary folder for as long as a JVM's tests run: a {@code TempDir} ends with its class. */
record SharedFolder(Path path) implements AutoCloseable {
  static SharedFolder make(String name) {
    try {
      return new SharedFolder(Files.createTempDirectory(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      Utils.delete(path.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
