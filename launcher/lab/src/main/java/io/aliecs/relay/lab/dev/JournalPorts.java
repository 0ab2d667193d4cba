package io.aliecs.relay.lab.dev;

import io.aliecs.relay.testkit.FreePort;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The ports that the hosts of {@code dev} reach each other by, in a file of its data folder: the
 * journals of these hosts know them, so that others would keep them apart after a new start.
 */
final class JournalPorts {
  private static final String FILE = "journal-ports.properties";

  private JournalPorts() {}

  /**
   * The port of each host: that of before, or a free one for a host that has none yet.
   *
   * @throws IllegalStateException when one of before is taken
   */
  static Map<String, Integer> of(Path data, List<String> ids)
      throws IOException, InterruptedException {
    Map<String, Integer> ports = new TreeMap<>(kept(data.resolve(FILE)));
    for (String id : ids) {
      if (ports.containsKey(id)) {
        requireFree(data, id, ports.get(id));
      } else {
        ports.put(id, draw(ports.values()));
      }
    }
    keep(data.resolve(FILE), ports);
    ports.keySet().retainAll(ids);
    return ports;
  }

  private static Map<String, Integer> kept(Path file) throws IOException {
    Properties properties = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      }
    }
    return properties.stringPropertyNames().stream()
        .filter(id -> properties.getProperty(id).matches("[0-9]{1,5}"))
        .collect(Collectors.toMap(id -> id, id -> Integer.parseInt(properties.getProperty(id))));
  }

  /** In one step: half a file would be as if there had been no ports. */
  private static void keep(Path file, Map<String, Integer> ports) throws IOException {
    Path written = file.resolveSibling(FILE + ".new");
    Files.write(
        written, ports.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static int draw(Collection<Integer> others) {
    int port = FreePort.find();
    return others.contains(port) ? draw(others) : port;
  }

  private static void requireFree(Path data, String id, int port) throws InterruptedException {
    if (!FreePort.isSoonFree(port)) {
      throw new IllegalStateException(
          "port "
              + port
              + " is taken (expected: free, as the journals in "
              + data
              + " know "
              + id
              + " by it; or another --data)");
    }
  }
}
