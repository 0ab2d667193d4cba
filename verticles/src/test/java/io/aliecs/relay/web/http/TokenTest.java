package io.aliecs.relay.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.aliecs.relay.web.RunningWeb;
import io.aliecs.relay.web.WebOptions;
import io.aliecs.relay.web.WebSecurity;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The token is not guessed, not read over the wire and not taken from a file that all can read. */
class TokenTest {
  private static final String RESEND = "/api/v1/parked/resend";

  @TempDir Path folder;

  @Test
  void whoeverGuessesGetsAFewTriesASecond() throws Exception {
    try (RunningWeb web = RunningWeb.withToken(folder)) {
      web.settings(RunningWeb.PLUGIN_ON);
      long begin = System.nanoTime();
      var threads = Executors.newFixedThreadPool(20);
      List<Future<Integer>> answers =
          IntStream.range(0, 60)
              .mapToObj(i -> threads.submit(() -> rawGuess(web, "guess " + i)))
              .toList();
      int looked = 0;
      for (Future<Integer> answer : answers) {
        looked += answer.get() == 403 ? 1 : 0;
      }
      threads.shutdown();
      double seconds = (System.nanoTime() - begin) / 1e9;
      assertThat(looked).isBetween(1, (int) (5 * (seconds + 1)));
      assertThat(web.registry.get("relay.http.token.failures").counter().count()).isEqualTo(looked);
    }
  }

  /** The status; any number of threads may ask. */
  private static int rawGuess(RunningWeb web, String token) {
    String answer =
        web.raw(
            "POST "
                + RESEND
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n"
                + "Authorization: Bearer "
                + token
                + "\r\n\r\n");
    return Integer.parseInt(answer.substring(9, 12));
  }

  private static HttpResponse<String> guess(RunningWeb web, String token) {
    return web.post(RESEND, "", "Authorization", "Bearer " + token);
  }

  @Test
  void aFileThatOthersCanReadOrThatHoldsTooLittleIsNoToken() throws IOException {
    Path token = RunningWeb.tokenFile(folder, RunningWeb.TOKEN);
    assertThat(ControlToken.read(token)).isEqualTo(RunningWeb.TOKEN);
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatIOException()
        .isThrownBy(() -> ControlToken.read(token))
        .withMessageContaining("can be read by others (expected: chmod o-rw)");
    Path little = RunningWeb.tokenFile(folder, "fifteen letters");
    Files.setPosixFilePermissions(little, PosixFilePermissions.fromString("rw-------"));
    assertThatIOException()
        .isThrownBy(() -> ControlToken.read(little))
        .withMessageContaining("16 or more")
        .withMessageNotContaining("letters");
    try (RunningWeb web = new RunningWeb(little.toString())) {
      web.settings(RunningWeb.PLUGIN_ON);
      HttpResponse<String> answer = guess(web, "fifteen letters");
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("cannot be used (expected: see its log)");
    }
  }

  @Test
  void aTokenIsNotTakenWhereOthersMayListen() throws IOException {
    Optional<String> address = ownAddress();
    assumeThat(address).isPresent();
    WebOptions options =
        new WebOptions(
            address.get(),
            0,
            "127.0.0.1",
            0,
            RunningWeb.tokenFile(folder, RunningWeb.TOKEN).toString(),
            List.of(),
            WebSecurity.DEFAULTS);
    try (RunningWeb web = new RunningWeb(options)) {
      web.settings(RunningWeb.PLUGIN_ON);
      String asked =
          "POST "
              + RESEND
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n"
              + "Authorization: Bearer "
              + RunningWeb.TOKEN
              + "\r\n\r\n";
      try (Socket socket = new Socket(address.get(), web.web.listening().port())) {
        socket.getOutputStream().write(asked.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 403")
            .contains("a token without TLS");
      }
    }
  }

  private static Optional<String> ownAddress() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .map(InetAddress::getHostAddress)
        .findFirst();
  }
}
