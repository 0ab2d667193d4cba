package io.aliecs.relay.registration;

import io.aliecs.relay.web.WebOptions;
import io.vertx.ext.consul.CheckOptions;
import io.vertx.ext.consul.Service;
import io.vertx.ext.consul.ServiceOptions;
import java.util.Map;

/**
 * What Consul is given of this host: where its HTTP interface is, and how to see whether it is
 * ready. Immutable.
 *
 * @param options name and id
 * @param web where the relay really listens, no port 0
 */
record ServiceDefinition(RegistrationOptions options, WebOptions web) {

  private static final String INTERVAL = "5s";

  /** As Consul's agent takes it. The library knows no time-out of a check: it is the interval. */
  ServiceOptions registered() {
    return new ServiceOptions()
        .setId(options.serviceId())
        .setName(options.serviceName())
        .setAddress(address())
        .setPort(web.port())
        .setMeta(meta())
        .setCheckOptions(
            new CheckOptions()
                .setName("ready")
                .setHttp(
                    web.managementScheme()
                        + "://"
                        + checkedHost()
                        + ":"
                        + web.managementPort()
                        + "/health/ready")
                .setTlsSkipVerify(true) // the agent is on this host, at an address of its own
                .setInterval(INTERVAL));
  }

  /** Whether that is what the agent has of us. */
  boolean isKnownAs(Service known) {
    return options.serviceId().equals(known.getId())
        && options.serviceName().equals(known.getName())
        && address().equals(known.getAddress())
        && web.port() == known.getPort()
        && meta().equals(known.getMeta());
  }

  private Map<String, String> meta() {
    return Map.of(
        "management_port",
        Integer.toString(web.managementPort()),
        "management_scheme",
        web.managementScheme());
  }

  /** Empty when it listens on every address: then the agent's own is used. */
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
