package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Another user of the machine, with the jars that are shipped, against a host that is alone. */
@EnabledOnOs(OS.LINUX)
class LocalUserIT {
  /** Where a host that is alone says that its journal is. */
  private static final int USUAL = 8701;

  private static final String NOBODY = "127.0.0.1:1";
  private static final RaftGroupId GROUP =
      RaftGroupId.valueOf(UUID.nameUUIDFromBytes("aliecs-relay".getBytes(StandardCharsets.UTF_8)));

  @Test
  void findsNoPortOfTheJournalAndNoFolderToEnter(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data");
    try (HostProcess relay = new HostProcess("alone", data, NOBODY, Map.of())) {
      relay.launch();
      Set<Integer> open = listening(relay.pid());
      assertThat(open)
          .containsExactlyInAnyOrder(
              URI.create(relay.http()).getPort(), URI.create(relay.management()).getPort());

      Set<Integer> tried = new TreeSet<>(open);
      tried.add(USUAL);
      for (int port : tried) {
        attack(port);
      }

      assertThat(relay.get("/api/v1/environments").getJsonArray("environments")).isEmpty();
      try (Stream<Path> files = Files.list(data)) {
        List<Path> inside = files.toList();
        assertThat(inside).isNotEmpty();
        for (Path file : inside.stream().filter(Files::isDirectory).toList()) {
          assertThat(rights(file)).as("%s", file).isEqualTo("rwx------");
        }
      }
      assertThat(relay.terminate()).isZero();
    }
  }

  private static String rights(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /** A forged entry, and the deletion of the journal. */
  private static void attack(int port) throws IOException {
    RaftProperties properties = new RaftProperties();
    RaftClientConfigKeys.Rpc.setRequestTimeout(
        properties, TimeDuration.valueOf(2, TimeUnit.SECONDS));
    RaftPeerId id = RaftPeerId.valueOf("relay-1");
    RaftPeer peer = RaftPeer.newBuilder().setId(id).setAddress("127.0.0.1:" + port).build();
    try (RaftClient client =
        RaftClient.newBuilder()
            .setRaftGroup(RaftGroup.valueOf(GROUP, peer))
            .setLeaderId(id)
            .setProperties(properties)
            .setRetryPolicy(RetryPolicies.noRetry())
            .build()) {
      assertThatThrownBy(() -> client.io().send(Message.valueOf("forged")))
          .as("port %d", port)
          .isInstanceOf(Exception.class);
      assertThatThrownBy(() -> client.getGroupManagementApi(id).remove(GROUP, true, false))
          .as("port %d", port)
          .isInstanceOf(Exception.class);
    }
  }

  /** The TCP ports that a process listens on, as the kernel has them. */
  private static Set<Integer> listening(long pid) throws IOException {
    Set<String> sockets;
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      sockets =
          files
              .map(LocalUserIT::target)
              .filter(target -> target.startsWith("socket:["))
              .map(target -> target.substring("socket:[".length(), target.length() - 1))
              .collect(Collectors.toSet());
    }
    Set<Integer> ports = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      Path file = Path.of("/proc/" + pid + "/net/" + table);
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        String[] fields = line.strip().split("\\s+");
        if (fields[3].equals("0A") && sockets.contains(fields[9])) {
          ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
