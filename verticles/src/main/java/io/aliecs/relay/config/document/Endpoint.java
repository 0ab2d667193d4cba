package io.aliecs.relay.config.document;

import io.netty.util.NetUtil;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of a Kafka broker's address. */
final class Endpoint {

  /** What a broker's address looks like, for messages. */
  static final String EXPECTED =
      "host:port with a port from 1 to 65535, such as 10.1.2.3:9092, my_broker:9092 or [::1]:9092";

  private static final int LONGEST_NAME = 253;

  /** Letters, digits, {@code -} and {@code _}, not empty, no hyphen at either end. */
  private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?";

  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]+)\\]|(%1$s(?:\\.%1$s)*\\.?)):([0-9]{1,5})".formatted(LABEL));

  private static final Pattern ONLY_NUMBERS = Pattern.compile("[0-9.]+");

  private Endpoint() {}

  /** Whether the text is a host name, IPv4 address or bracketed IPv6 address with a port. */
  static boolean isValid(String text) {
    if (text.length() > LONGEST_NAME + 6) {
      return false;
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return false;
    }
    int port = Integer.parseInt(form.group(3));
    String host = form.group(2);
    return port >= 1
        && port <= 65535
        && (host == null
            ? NetUtil.isValidIpV6Address(form.group(1))
            : host.length() <= LONGEST_NAME
                && (!ONLY_NUMBERS.matcher(host).matches() || NetUtil.isValidIpV4Address(host)));
  }
}
