package io.aliecs.relay.lab.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds.
 *
 * @param threads live threads
 * @param files open files, sockets among them
 */
record Footprint(int threads, long files) {

  static Footprint now() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return new Footprint(ManagementFactory.getThreadMXBean().getThreadCount(), open.count());
    }
  }
}
