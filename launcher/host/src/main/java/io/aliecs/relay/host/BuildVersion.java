package io.aliecs.relay.host;

import picocli.CommandLine.IVersionProvider;

/**
 * The version that was built, with its commit where that is known: as the manifest of the jar has
 * it.
 */
final class BuildVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String built = BuildVersion.class.getPackage().getImplementationVersion();
    return new String[] {"aliecs-relay " + (built == null ? "(not packaged)" : built)};
  }
}
