package io.aliecs.relay.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.web.RunningWeb;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger's page has a browser ask is turned away. */
class GuardTest {
  private static final String END = "\r\nConnection: close\r\n\r\n";

  @TempDir Path folder;

  private static String get(RunningWeb web, String host) {
    return web.raw("GET /api/v1/runs HTTP/1.1\r\nHost: " + host + END);
  }

  @Test
  void aNameThatIsNotOursReadsNothing() {
    try (RunningWeb web = new RunningWeb()) {
      web.settings(RunningWeb.PLUGIN_ON).running("2secret", 5, true);
      for (String name : new String[] {"rebound.example", "localhost.evil.example", "x:8080"}) {
        assertThat(get(web, name)).startsWith("HTTP/1.1 421").doesNotContain("2secret");
      }
      for (String name : new String[] {"localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:80"}) {
        assertThat(get(web, name)).startsWith("HTTP/1.1 200").contains("2secret");
      }
    }
  }

  @Test
  void aRequestWithoutAHostIsBad() {
    try (RunningWeb web = new RunningWeb()) {
      web.tell();
      String answer = web.raw("GET /api/v1/runs HTTP/1.1" + END);
      assertThat(answer).startsWith("HTTP/1.1 400").contains("Host: none");
    }
  }

  @Test
  void aRequestWithTwoHostsIsBad() {
    try (RunningWeb web = new RunningWeb()) {
      web.settings(RunningWeb.PLUGIN_ON).running("2secret", 5, true);
      assertThat(get(web, "localhost\r\nHost: rebound.example"))
          .startsWith("HTTP/1.1 400")
          .contains("Host: 2 of them")
          .doesNotContain("2secret");
    }
  }

  @Test
  void aHostThatIsNoneIsBadOnBothPorts() {
    try (RunningWeb web = new RunningWeb()) {
      web.settings(RunningWeb.PLUGIN_ON).running("2secret", 5, true);
      for (String name : new String[] {"localhost:99999", "", "localhost:80:80", "[::1"}) {
        assertThat(get(web, name)).startsWith("HTTP/1.1 4").doesNotContain("2secret");
        assertThat(web.rawManagement("GET /metrics HTTP/1.1\r\nHost: " + name + END))
            .as(name)
            .startsWith("HTTP/1.1 4");
      }
    }
  }

  @Test
  void aPageOfAStrangerPostsNothing() {
    try (RunningWeb web = RunningWeb.withToken(folder)) {
      web.settings(RunningWeb.PLUGIN_ON).running("2env", 5, true);
      String post =
          "POST /api/v1/environments/2env/end HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
              + "Authorization: Bearer "
              + RunningWeb.TOKEN
              + "\r\nOrigin: ";
      assertThat(web.raw(post + "https://evil.example" + END))
          .startsWith("HTTP/1.1 403")
          .contains("http.cors-origins");
      assertThat(web.raw(post + "null" + END)).startsWith("HTTP/1.1 403");
      // There is no journal behind this one: it has come as far as that.
      assertThat(web.raw(post + "http://localhost" + END)).startsWith("HTTP/1.1 503");
    }
  }
}
