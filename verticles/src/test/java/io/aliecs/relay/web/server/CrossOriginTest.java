package io.aliecs.relay.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.aliecs.relay.web.RunningWeb;
import io.aliecs.relay.web.WebOptions;
import io.aliecs.relay.web.WebSecurity;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages of other origins read nothing unless the settings name them. */
class CrossOriginTest {
  private static final String ALLOW = "access-control-allow-origin";

  @Test
  void nobodyIsAllowedUnlessNamed() {
    try (RunningWeb web = new RunningWeb()) {
      web.tell();
      HttpResponse<String> answer = web.send("GET", web.web.listening().port(), "/api/v1/runs");
      assertThat(answer.headers().firstValue(ALLOW)).isEmpty();
    }
  }

  @Test
  void namedOriginsReadEveryPathAndOthersNone() {
    try (RunningWeb web = new RunningWeb("", "https://wall.example")) {
      web.tell();
      for (String path : List.of("/api/v1/runs", "/api/v1/environments", "/api/v1/openapi.json")) {
        String asked =
            "GET " + path + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\norigin: ";
        assertThat(web.raw(asked + "https://wall.example\r\n\r\n"))
            .contains("200 OK", ALLOW + ": https://wall.example");
        assertThat(web.raw(asked + "https://else.example\r\n\r\n"))
            .contains("403", "https://else.example")
            .doesNotContain(ALLOW);
      }
    }
  }

  @Test
  void anAnswerToOneOfSeveralOriginsIsNotKeptForAnother() {
    try (RunningWeb web = new RunningWeb("", "https://wall.example", "https://desk.example")) {
      web.tell();
      String asked =
          "GET /api/v1/runs HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\norigin: ";
      assertThat(web.raw(asked + "https://desk.example\r\n\r\n"))
          .contains(ALLOW + ": https://desk.example", "vary: origin, accept-encoding");
    }
  }

  @Test
  void anOriginWithAPathIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new WebOptions(
                    "127.0.0.1",
                    0,
                    "127.0.0.1",
                    0,
                    "",
                    List.of("https://wall.example/page"),
                    WebSecurity.DEFAULTS))
        .withMessageContaining("http.cors-origins: \"https://wall.example/page\"");
  }
}
