package io.aliecs.relay.web.page;

import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The page for people: its files, from the class path. Immutable.
 *
 * @param files by path
 */
public record Page(Map<String, Answer> files) implements Feature {
  private static final String FOLDER = "/web/";
  private static final String START = "index.html";
  private static final List<String> FILES =
      List.of(
          START,
          "page.css",
          "details.css",
          "icon.svg",
          "page.js",
          "activity.js",
          "changes.js",
          "dom.js",
          "end.js",
          "environments.js",
          "health.js",
          "model.js",
          "plot.js",
          "polls.js",
          "readers.js",
          "runs.js",
          "stream.js",
          "theme.js",
          "timeline.js",
          "token.js",
          "trouble.js",
          "words.js");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");
  private static final CharSequence POLICY =
      HttpHeaders.createOptimized(
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
              + "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

  public Page {
    files = Map.copyOf(files);
  }

  /** Reads the files, off the event loop. */
  public static Future<Page> read(Vertx vertx) {
    return vertx.executeBlocking(Page::read);
  }

  private static Page read() throws IOException {
    Map<String, Buffer> contents = new LinkedHashMap<>();
    Buffer all = Buffer.buffer();
    for (String name : FILES) {
      Buffer content = Buffer.buffer(bytes(name));
      contents.put(name, content);
      all.appendBuffer(content);
    }
    // One tag for all: a page that sees another one on any of its files knows that it is old.
    String tag = Answer.etag(all);
    Map<String, Answer> files = new HashMap<>();
    contents.forEach(
        (name, content) -> {
          String type =
              Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
          files.put(
              name.equals(START) ? "/" : "/" + name,
              new Answer(200, type, content, tag, Map.of(Replies.SECURITY_POLICY, POLICY)));
        });
    return new Page(files);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream resource = Page.class.getResourceAsStream(FOLDER + name)) {
      if (resource == null) {
        throw new FileNotFoundException(FOLDER + name + " is missing on the class path");
      }
      return resource.readAllBytes();
    }
  }

  @Override
  public void mount(Routes routes) {
    files.forEach((path, file) -> routes.read(path, context -> file));
  }
}
