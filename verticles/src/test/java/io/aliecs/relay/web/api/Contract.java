package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What {@code openapi.json} promises, to hold answers against. For one thread. */
public final class Contract {
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setDraft(Draft.DRAFT202012)
          .setBaseUri("relay://openapi")
          .setOutputFormat(OutputFormat.Basic);
  private static final String REFERENCE = "#/components/schemas/";

  private final JsonObject paths;
  private final JsonObject responses;
  private final JsonObject schemas;
  private final Map<String, Validator> validators = new HashMap<>();

  private Contract(JsonObject document) {
    // JSON Schema knows the schemas of a document by the name of $defs.
    JsonObject renamed = new JsonObject(document.encode().replace(REFERENCE, "#/$defs/"));
    paths = renamed.getJsonObject("paths");
    responses = renamed.getJsonObject("components").getJsonObject("responses");
    schemas = renamed.getJsonObject("components").getJsonObject("schemas");
  }

  /** The document that the relay serves. */
  public static Contract read() {
    try (InputStream resource = Contract.class.getResourceAsStream("openapi.json")) {
      return new Contract(
          new JsonObject(new String(resource.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Holds an answer against it. A path of the API that it does not have is a 404; elsewhere is the
   * page, of which it says nothing.
   */
  public void check(String method, String path, HttpResponse<String> answer) {
    String where = method + " " + path + " " + answer.statusCode();
    JsonObject described = described(path.replaceFirst("\\?.*", ""));
    if (described == null && !path.startsWith("/api/") && answer.statusCode() != 404) {
      return;
    }
    if (described == null) {
      assertThat(answer.statusCode()).as(where).isEqualTo(404);
      matches("Problem", answer.body());
      return;
    }
    JsonObject response = response(operation(described, method), answer.statusCode());
    assertThat(response).as("%s is described", where).isNotNull();
    JsonObject content = response.getJsonObject("content", new JsonObject());
    assertThat(answer.headers().map().keySet())
        .as(where)
        .containsAll(
            response.getJsonObject("headers", new JsonObject()).stream()
                .map(header -> header.getKey().toLowerCase(Locale.ROOT))
                .toList());
    if (content.isEmpty()) {
      assertThat(answer.body()).as(where).isEmpty();
    } else if (!method.equals("HEAD")) {
      String type = answer.headers().firstValue("content-type").orElse("none");
      assertThat(content.fieldNames()).as(where).contains(type);
      if (type.contains("json")) {
        matches(where, content.getJsonObject(type).getJsonObject("schema"), answer.body());
      }
    }
  }

  /** Holds a text of JSON against the schema of that name. */
  void matches(String schema, String json) {
    matches(schema, new JsonObject().put("$ref", "#/$defs/" + schema), json);
  }

  private void matches(String where, JsonObject schema, String json) {
    OutputUnit result =
        validators
            .computeIfAbsent(schema.encode(), key -> validator(schema))
            .validate(new JsonObject(json));
    assertThat(result.getValid())
        .as(() -> where + " of " + json + ": " + result.toJson().encodePrettily())
        .isTrue();
  }

  private Validator validator(JsonObject schema) {
    return Validator.create(JsonSchema.of(schema.copy().put("$defs", schemas)), OPTIONS);
  }

  private JsonObject described(String path) {
    return paths.fieldNames().stream()
        .filter(
            template ->
                Pattern.matches(
                    "\\Q" + template.replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q") + "\\E", path))
        .min(Comparator.comparing(template -> template.contains("{")))
        .map(paths::getJsonObject)
        .orElse(null);
  }

  /** What is asked; of a method that there is not, any other, which says that there is not. */
  private static JsonObject operation(JsonObject path, String method) {
    String name = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
    return path.getJsonObject(name, path.getJsonObject(path.fieldNames().iterator().next()));
  }

  private JsonObject response(JsonObject operation, int status) {
    JsonObject response =
        operation.getJsonObject("responses").getJsonObject(Integer.toString(status));
    String reference = response == null ? null : response.getString("$ref");
    return reference == null
        ? response
        : responses.getJsonObject(reference.substring(reference.lastIndexOf('/') + 1));
  }
}
