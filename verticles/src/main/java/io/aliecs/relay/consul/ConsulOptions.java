package io.aliecs.relay.consul;

import io.aliecs.relay.settings.Requirement;
import io.aliecs.relay.text.Printable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to reach Consul and what to watch there. Immutable; its {@code toString} never shows a token.
 *
 * @param addresses agents to ask, tried in turn, at least one
 * @param token the ACL token, when it is given as text
 * @param tokenFile a file that holds the ACL token; it wins over {@code token} and is read again
 *     when it changes
 * @param caCert PEM file with the authorities that Consul's certificate is checked against; the
 *     Java defaults when absent
 * @param clientCert PEM file with our own certificate, present exactly when {@code clientKey} is
 * @param clientKey PEM file with the private key of {@code clientCert}
 * @param datacenter the datacenter to ask for, the agent's own when absent
 * @param queryWait how long Consul may hold a blocking query, 1 s to 10 min
 */
public record ConsulOptions(
    List<Address> addresses,
    Optional<String> token,
    Optional<Path> tokenFile,
    Optional<Path> caCert,
    Optional<Path> clientCert,
    Optional<Path> clientKey,
    Optional<String> datacenter,
    Duration queryWait) {

  /** Where AliECS keeps its settings document. */
  public static final String SETTINGS_KEY = "o2/components/aliecs/ANY/any/settings";

  /** Where AliECS keeps the default of the variable {@code kafka_enabled}. */
  public static final String KAFKA_ENABLED_KEY = "o2/runtime/aliecs/vars/kafka_enabled";

  /** Both. */
  public static final List<String> KEYS = List.of(SETTINGS_KEY, KAFKA_ENABLED_KEY);

  /** How long Consul may hold a query by default. */
  public static final Duration DEFAULT_WAIT = Duration.ofSeconds(60);

  public ConsulOptions {
    addresses = List.copyOf(addresses);
    Requirement.that(
        clientCert.isPresent() == clientKey.isPresent(),
        "CONSUL_CLIENT_CERT and CONSUL_CLIENT_KEY",
        "found only " + (clientCert.isPresent() ? "the certificate" : "the key"),
        "both or none");
    Requirement.that(
        queryWait.toMillis() >= 1_000 && queryWait.toMillis() <= 600_000,
        "queryWait",
        "found " + queryWait,
        "PT1S to PT10M");
    Requirement.that(
        token.filter(text -> !isToken(text)).isEmpty(),
        "token",
        "found an empty one, or one with blanks or control characters",
        "a Consul ACL SecretID");
  }

  static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  /**
   * Reads the variables that Consul's own tools read: {@code CONSUL_HTTP_ADDR} (one address or
   * several with commas between them, with or without scheme; default {@code 127.0.0.1:8500}),
   * {@code CONSUL_HTTP_SSL}, {@code CONSUL_HTTP_TOKEN}, {@code CONSUL_HTTP_TOKEN_FILE}, {@code
   * CONSUL_CACERT}, {@code CONSUL_CLIENT_CERT}, {@code CONSUL_CLIENT_KEY}. An empty variable counts
   * as absent.
   *
   * @throws IllegalArgumentException naming the variable, what was found and what is expected
   */
  public static ConsulOptions fromEnvironment(Map<String, String> environment) {
    boolean tls = flag(environment, "CONSUL_HTTP_SSL");
    String addresses = variable(environment, "CONSUL_HTTP_ADDR").orElse("127.0.0.1:8500");
    return new ConsulOptions(
        Arrays.stream(addresses.split(",")).map(text -> Address.parse(text.strip(), tls)).toList(),
        variable(environment, "CONSUL_HTTP_TOKEN"),
        variable(environment, "CONSUL_HTTP_TOKEN_FILE").map(Path::of),
        variable(environment, "CONSUL_CACERT").map(Path::of),
        variable(environment, "CONSUL_CLIENT_CERT").map(Path::of),
        variable(environment, "CONSUL_CLIENT_KEY").map(Path::of),
        Optional.empty(),
        DEFAULT_WAIT);
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private static boolean flag(Map<String, String> environment, String name) {
    String value = variable(environment, name).orElse("false");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "1", "t", "true" -> true;
      case "0", "f", "false" -> false;
      default -> throw Requirement.unmet(name, "found '" + value + "'", "true or false");
    };
  }

  /**
   * The same in another datacenter.
   *
   * @param name an empty one stands for the agent's own
   * @param wait how long Consul may hold a blocking query
   */
  public ConsulOptions in(String name, Duration wait) {
    return new ConsulOptions(
        addresses,
        token,
        tokenFile,
        caCert,
        clientCert,
        clientKey,
        Optional.of(name).filter(given -> !given.isEmpty()),
        wait);
  }

  /** Without the token. */
  @Override
  public String toString() {
    String shown = token.isPresent() ? "(set)" : "(none)";
    return "ConsulOptions[addresses=" + addresses + ", token=" + shown + "]";
  }

  /**
   * One Consul agent.
   *
   * @param tls whether to speak https
   * @param host name or address, an IPv6 address without brackets
   * @param port 1 to 65535
   */
  public record Address(boolean tls, String host, int port) {

    private static final int DEFAULT_PORT = 8500;

    private static final Pattern FORM =
        Pattern.compile(
            "(?:(https?)://)?(?:\\[([0-9A-Fa-f:.]+)\\]|([A-Za-z0-9_.-]+))(?::([0-9]{1,5}))?/?");

    public Address {
      Requirement.that(
          port >= 1 && port <= 65535, "CONSUL_HTTP_ADDR", "found port " + port, "1 to 65535");
    }

    /**
     * Reads {@code host}, {@code host:port} or either with {@code http://} or {@code https://}
     * before it.
     *
     * @param tlsByDefault whether an address without a scheme means https
     */
    public static Address parse(String text, boolean tlsByDefault) {
      Matcher form = FORM.matcher(text);
      Requirement.that(
          form.matches(),
          "CONSUL_HTTP_ADDR",
          "found '" + Printable.text(text, 80) + "'",
          "host:port, http://host:port or https://host:port");
      String scheme = form.group(1);
      String host = form.group(2) != null ? form.group(2) : form.group(3);
      int port = form.group(4) == null ? DEFAULT_PORT : Integer.parseInt(form.group(4));
      return new Address(scheme == null ? tlsByDefault : scheme.equals("https"), host, port);
    }

    /** As a URL without path, with brackets around an IPv6 address. */
    @Override
    public String toString() {
      return (tls ? "https://" : "http://")
          + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
          + ":"
          + port;
    }
  }
}
