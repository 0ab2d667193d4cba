package io.aliecs.relay.config;

import io.aliecs.relay.settings.RegistrationOptions;
import io.aliecs.relay.settings.WebOptions;
import io.vertx.core.json.JsonObject;

/**
 * What Consul is told of this host: where its HTTP interface is, and how to see whether it is
 * ready. Immutable.
 *
 * @param options name and id
 * @param web where the relay really listens, no port 0
 */
record ServiceDefinition(RegistrationOptions options, WebOptions web) {

  private static final String INTERVAL = "5s";
  private static final String TIMEOUT = "2s";

  /** As Consul's agent takes it. */
  JsonObject toJson() {
    return new JsonObject()
        .put("ID", options.serviceId())
        .put("Name", options.serviceName())
        .put("Address", address())
        .put("Port", web.port())
        .put("Meta", meta())
        .put(
            "Check",
            new JsonObject()
                .put("Name", "ready")
                .put(
                    "HTTP",
                    scheme() + "://" + checkedHost() + ":" + web.managementPort() + "/health/ready")
                .put("TLSSkipVerify", true) // the agent is on this host, at an address of its own
                .put("Interval", INTERVAL)
                .put("Timeout", TIMEOUT));
  }

  /** Whether that is what the agent has under our id. */
  boolean isKnownAs(JsonObject registered) {
    return options.serviceName().equals(registered.getValue("Service"))
        && address().equals(registered.getValue("Address"))
        && Integer.valueOf(web.port()).equals(registered.getValue("Port"))
        && meta().equals(registered.getValue("Meta"));
  }

  private JsonObject meta() {
    return new JsonObject()
        .put("management_port", Integer.toString(web.managementPort()))
        .put("management_scheme", scheme());
  }

  private String scheme() {
    return web.security().management().isPresent() ? "https" : "http";
  }

  /** Empty when it listens on every address: then the agent's own is told. */
  private String address() {
    return isAny(web.host()) ? "" : web.host();
  }

  /** The agent that checks is on this host. */
  private String checkedHost() {
    String host = web.managementHost();
    if (isAny(host)) {
      return host.indexOf(':') >= 0 ? "[::1]" : "127.0.0.1";
    }
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  private static boolean isAny(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }
}
