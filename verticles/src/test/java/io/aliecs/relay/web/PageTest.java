package io.aliecs.relay.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the files of the page are served; what it does is in {@link BrowserTest}. */
class PageTest {
  private final RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  @Test
  void servesEveryFileWithItsTypeAndATag() {
    Map.of(
            "/", "text/html; charset=utf-8",
            "/page.css", "text/css; charset=utf-8",
            "/page.js", "text/javascript; charset=utf-8",
            "/icon.svg", "image/svg+xml")
        .forEach(
            (path, type) -> {
              HttpResponse<String> answer = web.get(path);
              assertThat(answer.statusCode()).as(path).isEqualTo(200);
              assertThat(answer.headers().firstValue("content-type")).contains(type);
              assertThat(answer.headers().firstValue("cache-control")).contains("no-cache");
              assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
              String tag = answer.headers().firstValue("etag").orElseThrow();
              assertThat(web.get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
            });
  }

  @Test
  void letsThePageDoOnlyWhatItNeeds() {
    assertThat(web.get("/").headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'")
        .contains("script-src 'self'")
        .contains("connect-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void hasNothingInlineAndNothingFromElsewhere() {
    assertThat(web.get("/").body())
        .doesNotContain("<style", "style=", "onclick", "http:", "https:")
        .containsOnlyOnce("<script");
    assertThat(web.get("/page.js").body())
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write");
    assertThat(web.get("/page.css").body()).doesNotContain("@import", "url(");
  }

  @Test
  void isReadOnly() {
    for (String path : List.of("/", "/page.js")) {
      HttpResponse<String> answer = web.send("POST", web.web.httpPort(), path);
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
    }
    assertThat(web.get("/web/index.html").statusCode()).isEqualTo(404);
    assertThat(web.get("/../page.js").statusCode()).isEqualTo(404);
  }
}
