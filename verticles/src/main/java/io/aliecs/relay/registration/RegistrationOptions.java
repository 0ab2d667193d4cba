package io.aliecs.relay.registration;

import io.aliecs.relay.settings.Requirement;
import java.util.regex.Pattern;

/**
 * How this control host shows itself in Consul's catalogue of services. Immutable.
 *
 * @param enabled whether it does
 * @param serviceName name of the service, the same on every control host, fit for DNS
 * @param serviceId name of this host's instance of it, unique on its Consul agent
 */
public record RegistrationOptions(boolean enabled, String serviceName, String serviceId) {

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  public RegistrationOptions {
    Requirement.that(
        NAME.matcher(serviceName).matches(),
        "consul.service-name",
        "\"" + serviceName + "\"",
        "at most 63 letters, digits and hyphens, no hyphen at either end");
    Requirement.that(!serviceId.isBlank(), "host.id", "\"" + serviceId + "\"", "a name");
  }
}
