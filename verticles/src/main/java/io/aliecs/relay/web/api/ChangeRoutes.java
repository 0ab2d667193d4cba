package io.aliecs.relay.web.api;

import io.aliecs.relay.web.http.Audit;
import io.aliecs.relay.web.http.Document;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.Routes;
import io.vertx.core.json.JsonObject;

/** What was changed over HTTP on this host, by whom. For one event loop. */
public record ChangeRoutes(Audit audit, Replies replies) implements Feature {
  static final String CHANGES = "/api/v1/changes";

  @Override
  public void mount(Routes routes) {
    routes.read(
        CHANGES,
        context -> {
          JsonObject changes = new JsonObject().put("changes", audit.last());
          replies.document(context.request(), CHANGES, Document.tagged(changes));
        });
  }
}
