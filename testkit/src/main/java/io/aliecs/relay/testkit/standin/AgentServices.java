package io.aliecs.relay.testkit.standin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The services of {@link ConsulStandIn}: registered, listed and taken out; their checks are not
 * made. For one event loop only.
 */
final class AgentServices {
  /** What all these paths begin with. */
  static final String PATH = "/v1/agent/service";

  private static final String DEREGISTER = PATH + "/deregister/";

  private final JsonObject services = new JsonObject();

  void handle(HttpServerRequest request, String path) {
    String asked = request.method() + " " + path;
    if (asked.equals("GET " + PATH + "s")) {
      ConsulReply.json(request, 200, services.toBuffer());
    } else if (asked.equals("PUT " + PATH + "/register")) {
      ConsulReply.withBody(request, body -> register(request, body));
    } else if (asked.startsWith("PUT " + DEREGISTER)) {
      deregister(request, path.substring(DEREGISTER.length()));
    } else {
      ConsulReply.text(request, 404, "");
    }
  }

  private void register(HttpServerRequest request, Buffer body) {
    try {
      JsonObject service = new JsonObject(body);
      String name = service.getString("Name", "");
      String id = service.getString("ID", name);
      services.put(
          id,
          new JsonObject()
              .put("ID", id)
              .put("Service", name)
              .put("Tags", service.getJsonArray("Tags", new JsonArray()))
              .put("Meta", service.getJsonObject("Meta", new JsonObject()))
              .put("Port", service.getInteger("Port", 0))
              .put("Address", service.getString("Address", "")));
      ConsulReply.text(request, 200, "");
    } catch (DecodeException | ClassCastException broken) {
      ConsulReply.text(request, 400, "Request decode failed: " + broken.getMessage());
    }
  }

  private void deregister(HttpServerRequest request, String id) {
    if (services.remove(id) == null) {
      ConsulReply.text(request, 404, "Unknown service \"" + id + "\"");
    } else {
      ConsulReply.text(request, 200, "");
    }
  }
}
