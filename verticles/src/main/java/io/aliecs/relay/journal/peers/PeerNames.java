package io.aliecs.relay.journal.peers;

import io.aliecs.relay.settings.ClusterHost;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in a certificate, and which host they are those of. A wildcard names no host.
 *
 * @param subject its subject, for people; as the peer wrote it
 * @param addresses DNS names in lower case and addresses in the form of Java
 * @param ids DNS names and the common name as they are
 */
record PeerNames(String subject, Set<String> addresses, Set<String> ids) {
  private static final int DNS = 2;
  private static final int IP = 7;
  private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=([^,+\"\\\\]+)");
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|.*:.*");

  PeerNames {
    addresses = Set.copyOf(addresses);
    ids = Set.copyOf(ids);
  }

  static PeerNames of(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    Set<String> addresses = new HashSet<>();
    Set<String> ids = new HashSet<>();
    Matcher common = COMMON_NAME.matcher(subject);
    while (common.find()) {
      ids.add(common.group(1));
    }
    for (List<?> name : alternatives(certificate)) {
      String text = String.valueOf(name.get(1));
      if (name.get(0).equals(DNS)) {
        ids.add(text);
        addresses.add(canonical(text));
      } else if (name.get(0).equals(IP)) {
        addresses.add(canonical(text));
      }
    }
    return new PeerNames(subject, addresses, ids);
  }

  private static Collection<List<?>> alternatives(X509Certificate certificate) {
    try {
      Collection<List<?>> found = certificate.getSubjectAlternativeNames();
      return found == null ? List.of() : found;
    } catch (CertificateParsingException unreadable) {
      return List.of();
    }
  }

  /** One way to write an address that has several; asks no name server. */
  private static String canonical(String host) {
    if (!NUMERIC.matcher(host).matches()) {
      return host.toLowerCase(Locale.ROOT);
    }
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException noAddress) {
      return host;
    }
  }

  /** Whether two ways to write an address are of one. */
  static boolean isSame(String address, String other) {
    String bare = other.startsWith("[") ? other.substring(1, other.length() - 1) : other;
    return canonical(address).equals(canonical(bare));
  }

  /**
   * Whether these are the names of a host: its address, as the others know it; and its id besides
   * where several hosts have that address, as on loopback.
   */
  boolean areOf(ClusterHost host, Collection<ClusterHost> all) {
    String address = canonical(host.bareHost());
    boolean shared =
        all.stream()
            .anyMatch(
                other ->
                    !other.id().equals(host.id()) && canonical(other.bareHost()).equals(address));
    return addresses.contains(address) && (!shared || ids.contains(host.id()));
  }
}
