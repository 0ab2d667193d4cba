package io.aliecs.relay.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.web.RunningWeb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the files of the page are served; what it does is in {@link BrowserTest}. */
class PageTest {
  private static final Path FOLDER = Path.of("src", "main", "resources", "web");

  private final RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  @Test
  void servesEveryFileWithItsTypeAndATag() {
    Map.of("/", "text/html; charset=utf-8", "/icon.svg", "image/svg+xml").forEach(this::served);
    for (String path : files("css")) {
      served(path, "text/css; charset=utf-8");
    }
    for (String path : files("js")) {
      served(path, "text/javascript; charset=utf-8");
    }
    assertThat(files("js")).hasSizeGreaterThan(10);
  }

  private void served(String path, String type) {
    HttpResponse<String> answer = web.get(path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains(type);
    assertThat(answer.headers().firstValue("cache-control")).contains("no-cache");
    assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
    String tag = answer.headers().firstValue("etag").orElseThrow();
    assertThat(web.get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(web.get(path, "Accept-Encoding", "gzip").headers().firstValue("content-encoding"))
        .as(path)
        .isEqualTo(answer.body().length() > 1_024 ? Optional.of("gzip") : Optional.empty());
  }

  /** Those in the folder, whether they are served or not. */
  private static List<String> files(String extension) {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> "/" + file.getFileName())
          .filter(path -> path.endsWith("." + extension))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void hasOneTagForAllFilesSoThatAnOldPageKnowsThatItIsOld() {
    String tag = web.get("/").headers().firstValue("etag").orElseThrow();
    for (String path : files("js")) {
      assertThat(web.get(path).headers().firstValue("etag")).as(path).contains(tag);
    }
  }

  @Test
  void loadsEveryModuleAtOnce() {
    String html = web.get("/").body();
    for (String path : files("js")) {
      String link =
          path.equals("/page.js")
              ? "src=\"page.js\""
              : "rel=\"modulepreload\" href=\"" + path.substring(1) + "\"";
      assertThat(html).containsOnlyOnce(link);
    }
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
    for (String path : files("js")) {
      assertThat(web.get(path).body())
          .as(path)
          .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write")
          .doesNotContain("https:", "new Function");
    }
    for (String path : files("css")) {
      assertThat(web.get(path).body()).as(path).doesNotContain("@import", "url(");
    }
  }

  @Test
  void isReadOnly() {
    for (String path : List.of("/", "/page.js")) {
      HttpResponse<String> answer = web.send("POST", web.web.listening().port(), path);
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
    }
    assertThat(web.get("/web/index.html").statusCode()).isEqualTo(404);
    assertThat(web.get("/../page.js").statusCode()).isEqualTo(404);
  }
}
