package io.aliecs.relay.host.settings;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/**
 * The version that was built, with its commit where that is known: as the manifest of the jar has
 * it.
 */
public final class BuildVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"aliecs-relay " + text()};
  }

  static String text() {
    String built = BuildVersion.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(built, "(not packaged)");
  }
}
