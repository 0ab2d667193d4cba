package io.aliecs.relay.web.api;

import io.aliecs.relay.web.http.Document;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** The description of the API, a resource beside this class. */
public final class OpenApi {
  private static final String RESOURCE = "openapi.json";

  private OpenApi() {}

  /** Reads it, off the event loop. */
  public static Future<Document> read(Vertx vertx) {
    return vertx.executeBlocking(OpenApi::read);
  }

  private static Document read() throws IOException {
    try (InputStream resource = OpenApi.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new FileNotFoundException(RESOURCE + " is missing beside " + OpenApi.class);
      }
      return Document.tagged(Buffer.buffer(resource.readAllBytes()));
    }
  }
}
