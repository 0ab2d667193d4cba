package io.aliecs.relay.launcher.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is in the package. */
class ArtefactIT {
  private static final Path HOME = Path.of(System.getProperty("relay.home", "target/relay"));
  private static final Pattern VERSION = Pattern.compile("-v?\\d[\\w.+-]*\\.jar$");

  private static List<String> jars(String folder) throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Map<String, List<String>> byName(Stream<String> jars) {
    return jars.collect(
        Collectors.groupingBy(
            jar -> VERSION.matcher(jar).replaceFirst(""), TreeMap::new, Collectors.toList()));
  }

  @Test
  void holdsOneVersionOfEachJar() throws IOException {
    List<String> lib = jars("lib");
    List<String> dev = jars("lib-dev");
    assertThat(lib).anyMatch(jar -> jar.startsWith("vertx-core-"));
    assertThat(byName(Stream.concat(lib.stream(), dev.stream())))
        .allSatisfy((name, versions) -> assertThat(versions).as(name).hasSize(1));
  }

  @Test
  void hasNoEmbeddedServicesAmongWhatRunsOnAControlHost() throws IOException {
    assertThat(jars("lib"))
        .noneMatch(jar -> jar.startsWith("relay-dev") || jar.startsWith("kafka-server"));
  }

  @Test
  void listsEachForeignJarInItsBillOfMaterials() throws IOException {
    Path file = HOME.resolve("sbom.cyclonedx.json");
    assumeThat(file).as("made by builds with a network only").exists();
    String bill = Files.readString(file);
    assertThat(jars("lib"))
        .filteredOn(jar -> !jar.startsWith("relay-"))
        .allSatisfy(
            jar -> {
              String name = VERSION.matcher(jar).replaceFirst("");
              String version = jar.substring(name.length() + 1, jar.length() - ".jar".length());
              assertThat(bill).contains("/" + name + "@" + version + "?");
            });
  }
}
