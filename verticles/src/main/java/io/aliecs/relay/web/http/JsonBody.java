package io.aliecs.relay.web.http;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** What a request asks for, as an object of known fields. */
public final class JsonBody {
  private JsonBody() {}

  /**
   * The body of a request.
   *
   * @param fields those that it may have
   * @param expected what is appended to an error, in parentheses
   * @throws Problem.BadRequest when it is no object, or has another field
   */
  public static JsonObject of(RoutingContext context, Set<String> fields, String expected) {
    JsonObject body;
    try {
      body = context.body().asJsonObject();
    } catch (DecodeException | ClassCastException e) {
      body = null;
    }
    if (body == null) {
      throw new Problem.BadRequest("body: not an object" + expected);
    }
    for (String field : body.fieldNames()) {
      if (!fields.contains(field)) {
        throw new Problem.BadRequest(Problem.shown(field) + ": unknown field" + expected);
      }
    }
    return body;
  }

  /** The same, an empty object when the request has no body. */
  public static JsonObject optional(RoutingContext context, Set<String> fields, String expected) {
    return context.body().isEmpty() ? new JsonObject() : of(context, fields, expected);
  }

  /**
   * A text of it without blanks around it, empty when it has none.
   *
   * @throws Problem.BadRequest when it is no text, or longer
   */
  public static String text(JsonObject body, String field, int longest) {
    Object value = body.getValue(field);
    if (value == null) {
      return "";
    }
    if (value instanceof String text && text.length() <= longest) {
      return text.strip();
    }
    throw new Problem.BadRequest(
        field + ": not a text, or too long (expected: at most " + longest + " characters)");
  }
}
