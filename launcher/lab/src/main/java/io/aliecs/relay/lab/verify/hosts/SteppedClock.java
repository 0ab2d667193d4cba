package io.aliecs.relay.lab.verify.hosts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The clock on the wall as a process sees it, which can be made to step while it runs; its other
 * clock, that only measures, goes on. Done by libfaketime, which is loaded into the process.
 */
public final class SteppedClock {
  private static final String VARIABLE = "RELAY_FAKETIME";
  private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

  private final Path library;
  private final Path offset;

  private SteppedClock(Path library, Path offset) {
    this.library = library;
    this.offset = offset;
  }

  /**
   * A clock that is right as yet.
   *
   * @param folder where its offset is written
   * @throws IllegalStateException when there is no libfaketime
   */
  public static SteppedClock in(Path folder) throws IOException {
    Path library =
        library()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "libfaketime is missing (expected: Debian's package libfaketime, or its"
                            + " path in "
                            + VARIABLE
                            + ")"));
    SteppedClock clock = new SteppedClock(library, folder.resolve("clock"));
    clock.step(Duration.ZERO);
    return clock;
  }

  /** Where libfaketime is. */
  public static Optional<Path> library() throws IOException {
    String named = System.getenv(VARIABLE);
    if (named != null) {
      return Optional.of(Path.of(named)).filter(Files::isReadable);
    }
    try (Stream<Path> architectures = Files.list(Path.of("/usr/lib"))) {
      return architectures.map(a -> a.resolve(LIBRARY)).filter(Files::isReadable).findFirst();
    }
  }

  /**
   * What a process has to be started with. It looks at the offset once a second. With its repair of
   * timed waits, which today's C library does not need, waits of a JVM would not wait.
   */
  public Map<String, String> environment() {
    return Map.of(
        "FAKETIME_FORCE_MONOTONIC_FIX", "0",
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", offset.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1");
  }

  /** From now on it shows the right time and so much more, or less. */
  public void step(Duration by) throws IOException {
    Path written = offset.resolveSibling("clock.new");
    Files.writeString(written, String.format("%+d%n", by.toSeconds()));
    Files.move(written, offset, StandardCopyOption.REPLACE_EXISTING);
  }
}
