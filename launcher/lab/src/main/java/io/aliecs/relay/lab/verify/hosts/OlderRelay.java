package io.aliecs.relay.lab.verify.hosts;

import io.aliecs.relay.lab.RelayHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds an older relay, which hosts run before they are upgraded; builds it when need be. */
public final class OlderRelay {
  /** The newest release, else the commit before. */
  public static final String PREVIOUS = "previous";

  private static final String SCRIPT = "src/main/scripts/older-relay.sh";

  private OlderRelay() {}

  /**
   * The folder with its jars.
   *
   * @param from an unpacked relay, or a commit of this checkout
   * @throws IOException when there is none and it cannot be built; says why
   */
  public static Path lib(String from) throws IOException, InterruptedException {
    Path unpacked = Path.of(from).resolve("lib");
    return Files.isDirectory(unpacked) ? unpacked.toAbsolutePath() : built(from);
  }

  private static Path built(String commit) throws IOException, InterruptedException {
    Path lab = RelayHome.lib().resolve("../../../../lab").normalize();
    Path script = lab.resolve(SCRIPT);
    if (!Files.isRegularFile(script)) {
      throw new IOException(
          "--from: " + commit + " (expected: the folder of a relay; a commit only in a checkout)");
    }
    Process process =
        new ProcessBuilder("sh", script.toString(), commit, lab.resolve("target/older").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String home =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("--from: " + commit + ": there is no older relay; see above");
    }
    return Path.of(home).resolve("lib");
  }
}
