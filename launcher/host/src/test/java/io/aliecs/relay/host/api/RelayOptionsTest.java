package io.aliecs.relay.host.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.host.runs.RunsCommand;
import io.aliecs.relay.host.terminal.OneLine;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.testkit.CertificateAuthority.PemFiles;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.junit5.VertxExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each command that asks a relay takes a private authority, and sends the token where it must. */
@ExtendWith(VertxExtension.class)
class RelayOptionsTest {
  private static final String TOKEN = "a-token-that-is-long-enough";

  @TempDir Path folder;
  private Vertx vertx;
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final StringWriter printed = new StringWriter();
  private CertificateAuthority authority;
  private Path token;
  private String url;

  @BeforeEach
  void listen(Vertx vertx) throws Exception {
    this.vertx = vertx;
    authority = new CertificateAuthority(folder.resolve("ca"), "secret");
    PemFiles files = authority.issuePem("relay", false);
    token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    JsonObject answer =
        new JsonObject()
            .put("runs", new JsonArray())
            .put("pluginEnabled", true)
            .put("environmentId", "2env")
            .put("reason", "forgotten");
    int port =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .setCertPath(files.certificate().toString())
                            .setKeyPath(files.key().toString())))
            .requestHandler(
                request -> {
                  seen.add(
                      request.method()
                          + " "
                          + request.path()
                          + " "
                          + request.getHeader("Authorization"));
                  request.response().end(answer.encode());
                })
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
    url = "https://127.0.0.1:" + port;
  }

  private int run(Object command, String... arguments) {
    PrintWriter writer = new PrintWriter(printed, true);
    CommandLine line = new CommandLine(command).setOut(writer).setErr(writer);
    line.setExecutionExceptionHandler(
        (failure, parsed, result) -> {
          writer.println(OneLine.of(failure));
          return 1;
        });
    return line.execute(arguments);
  }

  private int change(Object command, String... arguments) {
    return run(
        command,
        Stream.concat(
                Stream.of(arguments),
                Stream.of("--url", url, "--ca", ca(), "--token-file", token.toString()))
            .toArray(String[]::new));
  }

  private String ca() {
    return authority.certificate().toString();
  }

  @Test
  void aRelayWithAPrivateAuthorityIsReachedWithItOnly() throws Exception {
    assertThat(run(new RunsCommand(), "--url", url, "--json")).isEqualTo(1);
    assertThat(seen).isEmpty();
    CertificateAuthority other = new CertificateAuthority(folder.resolve("other"), "secret");
    assertThat(
            run(new RunsCommand(), "--url", url, "--ca", other.certificate().toString(), "--json"))
        .isEqualTo(1);
    assertThat(seen).isEmpty();
    assertThat(run(new RunsCommand(), "--url", url, "--ca", ca(), "--json")).isZero();
    assertThat(seen).containsExactly("GET /api/v1/runs null");
  }

  @Test
  void changesGoOutWithTheToken() {
    assertThat(change(new ForgetCommand(), "2env", "--yes", "--json")).isZero();
    assertThat(change(new HostsCommand(), "remove", "relay-3", "--json")).isZero();
    assertThat(change(new SendCommand(), "{}")).isZero();
    assertThat(seen)
        .containsExactly(
            "POST /api/v1/environments/2env/end Bearer " + TOKEN,
            "DELETE /api/v1/cluster/hosts/relay-3 Bearer " + TOKEN,
            "POST /api/v1/transitions Bearer " + TOKEN);
  }

  @Test
  void aFileThatHoldsNoAuthorityIsNamed() {
    assertThat(run(new RunsCommand(), "--url", url, "--ca", token.toString())).isEqualTo(1);
    assertThat(printed.toString()).contains(token.toString(), "expected: certificates in PEM");
  }
}
