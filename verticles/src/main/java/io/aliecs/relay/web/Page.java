package io.aliecs.relay.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The files of the page for people, from the class path. Immutable. */
final class Page {
  private static final String FOLDER = "/web/";
  private static final Map<String, String> TYPES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "page.css", "text/css; charset=utf-8",
          "page.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml");
  private static final String START = "index.html";

  /** One file as it is served. */
  record Asset(String route, String mediaType, Document document) {}

  private final Map<String, Asset> byPath;

  private Page(Map<String, Asset> byPath) {
    this.byPath = Map.copyOf(byPath);
  }

  /** Reads the files, off the event loop. */
  static Future<Page> read(Vertx vertx) {
    return vertx.executeBlocking(Page::read);
  }

  private static Page read() throws IOException {
    Map<String, Asset> assets = new HashMap<>();
    for (Map.Entry<String, String> file : TYPES.entrySet()) {
      String path = file.getKey().equals(START) ? "/" : "/" + file.getKey();
      assets.put(path, new Asset(path, file.getValue(), document(file.getKey())));
    }
    return new Page(assets);
  }

  private static Document document(String name) throws IOException {
    try (InputStream resource = Page.class.getResourceAsStream(FOLDER + name)) {
      if (resource == null) {
        throw new FileNotFoundException(FOLDER + name + " is missing on the class path");
      }
      byte[] bytes = resource.readAllBytes();
      return new Document(Buffer.buffer(bytes), "W/\"" + UUID.nameUUIDFromBytes(bytes) + '"');
    }
  }

  /** The file at that path of the site, or null when there is none. */
  @Nullable Asset at(@Nullable String path) {
    return path == null ? null : byPath.get(path);
  }
}
