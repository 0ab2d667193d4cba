package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.testkit.consul.ConsulProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package and the tarball, in a root of their own and with Debian's own dpkg. */
class InstallIT {
  private static final Path HOME =
      Path.of(System.getProperty("relay.home", "../host/target/relay"));
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern MANAGEMENT = Pattern.compile("(?m)^started .* management=(\\S+)$");
  private static final String NEWER = "9.0.0";

  @TempDir Path folder;

  @Test
  void makesTheSameBytesWhoeverMakesThem() throws Exception {
    Path here = pack("umask 022; TZ=UTC", "here");
    Path there = pack("umask 077; TZ=Asia/Tokyo", "there");
    try (var made = Files.list(here)) {
      assertThat(made.toList())
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.mismatch(file, there.resolve(file.getFileName())))
                      .as("%s: first byte that differs", file.getFileName())
                      .isEqualTo(-1));
    }
  }

  @Test
  void buildsTheSameBytesFromTheSameCommit() throws Exception {
    assumeThat(System.getenv("COMPARE_BUILDS")).as("COMPARE_BUILDS: two whole builds").isNotNull();
    assertThat(rebuilt("one")).hasSizeGreaterThan(1_000_000).isEqualTo(rebuilt("other"));
  }

  @Test
  void installsRunsUpgradesRollsBackAndIsPurged() throws Exception {
    assumeThat(System.getProperty("user.name")).as("dpkg installs as root").isEqualTo("root");
    assumeThat(Path.of("/usr/bin/dpkg")).as("Debian's dpkg").exists();
    Path old = only(pack("umask 022", "packages"), ".deb");
    Path newer = newer(old);
    Path settings = root("etc/aliecs-relay/relay.yaml");
    Path archive = root("var/cache/aliecs-relay/relay.jsa");

    dpkg("--install", old.toString());
    assertThat(sh(root("usr/bin/relay") + " --version")).startsWith("aliecs-relay ");
    assertThat(archive).as("class archive").isNotEmptyFile();
    assertThat(modeOf(root("var/lib/aliecs-relay"))).isEqualTo("rwx------");
    assertThat(modeOf(root("etc/aliecs-relay/environment"))).isEqualTo("rw-r-----");
    runs();

    Files.writeString(settings, "http.max-connections: 9000\n", StandardOpenOption.APPEND);
    Files.delete(archive);
    dpkg("--force-confold", "--install", newer.toString());
    assertThat(settings).content().endsWith("http.max-connections: 9000\n");
    assertThat(settings.resolveSibling("relay.yaml.dpkg-dist")).content().endsWith("# newer\n");
    assertThat(archive).as("class archive").isNotEmptyFile();
    runs();

    dpkg("--force-confold", "--install", old.toString());
    assertThat(settings).content().endsWith("http.max-connections: 9000\n");
    runs();

    dpkg("--remove", "aliecs-relay");
    assertThat(root("usr/bin/relay")).doesNotExist();
    assertThat(archive).doesNotExist();
    assertThat(settings).content().endsWith("http.max-connections: 9000\n");
    assertThat(root("var/lib/aliecs-relay/data")).as("journal").isNotEmptyDirectory();

    dpkg("--purge", "aliecs-relay");
    assertThat(root("etc/aliecs-relay")).doesNotExist();
    assertThat(root("var/lib/aliecs-relay")).doesNotExist();
    assertThat(root("var/cache/aliecs-relay")).doesNotExist();
    assertThat(root("usr/share/aliecs-relay")).doesNotExist();
  }

  /** Runs it as its unit does, where a program notes what systemd would be told. */
  private void runs() throws Exception {
    Path log = Files.createTempFile(folder, "run", ".log");
    Path told = Files.createTempFile(folder, "told", ".log");
    try (ConsulProcess consul = ConsulProcess.persisted(Files.createTempDirectory(folder, "c"))) {
      consul.api().put(Site.KAFKA_ENABLED, "false");
      consul.api().put(Site.SETTINGS, Site.settings("127.0.0.1:1", false));
      ProcessBuilder builder =
          new ProcessBuilder(
                  root("usr/bin/relay").toString(),
                  "run",
                  "--config",
                  root("etc/aliecs-relay/relay.yaml").toString())
              .directory(root("var/lib/aliecs-relay").toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("RELAY_"));
      builder.environment().putAll(ofUnit(consul.address(), told));
      Process relay = builder.start();
      try {
        await("ready")
            .atMost(LIMIT)
            .untilAsserted(
                () -> {
                  assertThat(relay.isAlive()).as("%s", Files.readString(log)).isTrue();
                  assertThat(isReady(Files.readString(log)))
                      .as("%s", Files.readString(log))
                      .isTrue();
                });
        await("signs of life").atMost(LIMIT).until(() -> lines(told, "WATCHDOG=1").size() > 1);
        relay.destroy();
        assertThat(relay.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(relay.exitValue()).as("see %s", log).isZero();
        assertThat(Files.readAllLines(told)).startsWith("READY=1").contains("STOPPING=1");
      } finally {
        relay.destroyForcibly();
      }
    }
  }

  private Map<String, String> ofUnit(String consul, Path told) throws IOException {
    Path programs = Files.createDirectories(folder.resolve("programs"));
    Path notify = programs.resolve("systemd-notify");
    Files.writeString(notify, "#!/bin/sh\necho \"$1\" >>\"$TOLD\"\n");
    assertThat(notify.toFile().setExecutable(true)).isTrue();
    return Map.of(
        "PATH", programs + ":" + System.getenv("PATH"),
        "TOLD", told.toString(),
        "NOTIFY_SOCKET", "/run/systemd/notify",
        "WATCHDOG_USEC", "400000",
        "CONSUL_HTTP_ADDR", consul,
        "RELAY_HTTP_PORT", "0",
        "RELAY_MANAGEMENT_PORT", "0");
  }

  private static List<String> lines(Path file, String line) throws IOException {
    return Files.readAllLines(file).stream().filter(line::equals).toList();
  }

  private static boolean isReady(String printed) throws Exception {
    Matcher started = MANAGEMENT.matcher(printed);
    if (!started.find()) {
      return false;
    }
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create(started.group(1) + "/health/ready")).build();
    return HttpClient.newHttpClient().send(ready, BodyHandlers.discarding()).statusCode() == 200;
  }

  private Path root(String path) {
    return folder.resolve("root").resolve(path);
  }

  /** Scripts of the package are run outside that root, but on it: it has neither shell nor Java. */
  private void dpkg(String... arguments) throws Exception {
    Path state = root("var/lib/dpkg");
    if (Files.notExists(state)) {
      for (String part : List.of("info", "updates", "triggers")) {
        Files.createDirectories(state.resolve(part));
      }
      Files.createFile(state.resolve("status"));
    }
    List<String> command = new ArrayList<>(List.of("dpkg", "--root=" + folder.resolve("root")));
    command.addAll(List.of("--force-script-chrootless", "--force-depends", "--log=/dev/null"));
    command.addAll(List.of(arguments));
    sh(String.join(" ", command));
  }

  private static String modeOf(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private Path pack(String first, String name) throws Exception {
    Path made = folder.resolve(name);
    sh(first + "; sh " + source() + "/packaging/package.sh " + HOME + " 1.2.3 " + made);
    return made;
  }

  /** The same again as a version of later, with a line more in the settings. */
  private Path newer(Path old) throws Exception {
    Path tree = folder.resolve("newer");
    Path made = folder.resolve("aliecs-relay_" + NEWER + "_all.deb");
    sh("dpkg-deb --raw-extract " + old + " " + tree);
    sh("sed -i 's/^Version:.*/Version: " + NEWER + "/' " + tree + "/DEBIAN/control");
    sh("echo '# newer' >>" + tree + "/etc/aliecs-relay/relay.yaml");
    sh("dpkg-deb --root-owner-group -Znone --build " + tree + " " + made);
    return made;
  }

  /** The tarball that a clone of what is committed here makes. */
  private byte[] rebuilt(String name) throws Exception {
    Path clone = folder.resolve(name);
    sh("git clone -q " + source() + " " + clone + " && " + clone + "/relay package");
    return Files.readAllBytes(only(clone.resolve("target"), ".tar.gz"));
  }

  private static Path only(Path folder, String ending) throws IOException {
    try (var files = Files.list(folder)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(ending)).toList();
      assertThat(found).as(ending).hasSize(1);
      return found.get(0);
    }
  }

  /** The folder of the sources, above that of this module. */
  private static Path source() {
    Path folder = Path.of("").toAbsolutePath();
    while (Files.notExists(folder.resolve("packaging"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** What a command prints; fails with that when the command fails. */
  private String sh(String command) throws Exception {
    Path out = Files.createTempFile(folder, "command", ".log");
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("RELAY_") || name.equals("SOURCE_DATE_EPOCH"));
    Process process = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    int code = process.waitFor();
    String printed = Files.readString(out);
    assertThat(code).as("%s%n%s", command, printed).isZero();
    return printed;
  }
}
