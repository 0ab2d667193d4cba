package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is in the package. */
class ArtefactIT {
  private static final Path HOME =
      Path.of(System.getProperty("relay.home", "../host/target/relay"));
  private static final Path LAB = Path.of(System.getProperty("relay.lab", "target/relay-lab"));
  private static final Pattern VERSION = Pattern.compile("-v?\\d[\\w.+-]*\\.jar$");

  private static List<String> jars(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
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
    List<String> lib = jars(HOME);
    List<String> lab = jars(LAB);
    assertThat(lib).anyMatch(jar -> jar.startsWith("vertx-core-"));
    assertThat(byName(Stream.concat(lib.stream(), lab.stream())))
        .allSatisfy((name, versions) -> assertThat(versions).as(name).hasSize(1));
  }

  @Test
  void hasNothingOfLabAndTestkitAndNoBrokerAmongWhatRunsOnAControlHost() throws IOException {
    for (String jar : jars(HOME)) {
      try (JarFile file = new JarFile(HOME.resolve("lib").resolve(jar).toFile())) {
        assertThat(file.stream().map(JarEntry::getName))
            .as(jar)
            .noneMatch(
                name ->
                    name.startsWith("io/aliecs/relay/lab/")
                        || name.startsWith("io/aliecs/relay/testkit/")
                        || name.startsWith("kafka/server/")
                        || name.startsWith("META-INF/services/io.aliecs.relay."));
      }
    }
  }

  @Test
  void hasInTheLabWhatTheHostLacksAndNothingTwice() throws IOException {
    assertThat(jars(LAB))
        .anyMatch(jar -> jar.startsWith("relay-lab-"))
        .anyMatch(jar -> jar.startsWith("relay-testkit-"))
        .anyMatch(jar -> jar.startsWith("kafka-server-"))
        .noneMatch(jar -> jar.startsWith("relay-host-"));
  }

  @Test
  void listsEachForeignJarInItsBillOfMaterials() throws IOException {
    Path file = HOME.resolve("sbom.cyclonedx.json");
    assumeThat(file).as("made by builds with a network only").exists();
    String bill = Files.readString(file);
    assertThat(jars(HOME))
        .filteredOn(jar -> !jar.startsWith("relay-"))
        .allSatisfy(
            jar -> {
              String name = VERSION.matcher(jar).replaceFirst("");
              String version = jar.substring(name.length() + 1, jar.length() - ".jar".length());
              assertThat(bill).contains("/" + name + "@" + version + "?");
            });
  }
}
