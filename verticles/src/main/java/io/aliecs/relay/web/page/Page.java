package io.aliecs.relay.web.page;

import io.aliecs.relay.web.http.Document;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The files of the page for people, from the class path. Immutable. */
public final class Page {
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

  /** One file as it is served. */
  public record Asset(String route, String mediaType, Document document) {}

  private final Map<String, Asset> byPath;

  private Page(Map<String, Asset> byPath) {
    this.byPath = Map.copyOf(byPath);
  }

  /** Reads the files, off the event loop. */
  public static Future<Page> read(Vertx vertx) {
    return vertx.executeBlocking(Page::read);
  }

  private static Page read() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    Buffer all = Buffer.buffer();
    for (String name : FILES) {
      byte[] bytes = bytes(name);
      files.put(name, bytes);
      all.appendBytes(bytes);
    }
    // One tag for all: a page that sees another one on any of its files knows that it is old.
    String tag = "W/\"" + UUID.nameUUIDFromBytes(all.getBytes()) + '"';
    Map<String, Asset> assets = new HashMap<>();
    files.forEach(
        (name, bytes) -> {
          String path = name.equals(START) ? "/" : "/" + name;
          String type =
              Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
          assets.put(path, new Asset(path, type, new Document(Buffer.buffer(bytes), tag)));
        });
    return new Page(assets);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream resource = Page.class.getResourceAsStream(FOLDER + name)) {
      if (resource == null) {
        throw new FileNotFoundException(FOLDER + name + " is missing on the class path");
      }
      return resource.readAllBytes();
    }
  }

  /** All files. */
  Collection<Asset> assets() {
    return byPath.values();
  }
}
