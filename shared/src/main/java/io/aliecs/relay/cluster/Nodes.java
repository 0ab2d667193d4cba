package io.aliecs.relay.cluster;

import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who is on the bus besides this member: whoever has announced itself over a connection that is
 * open. Thread safe.
 */
final class Nodes {

  /** The newest announcement over each connection. */
  private final Map<Object, Announcement> byLink = new HashMap<>();

  /**
   * What an announcement, or its end, has changed.
   *
   * @param joined who was not there before
   * @param left who is not there any more
   * @param addresses which consumers of have changed
   */
  record Change(
      Optional<Announcement> joined, Optional<Announcement> left, Set<String> addresses) {}

  synchronized Change heard(Object link, Announcement announcement) {
    Announcement before = newest(announcement.node());
    byLink.put(link, announcement);
    return change(before, newest(announcement.node()));
  }

  synchronized Change closed(Object link) {
    Announcement last = byLink.get(link);
    if (last == null) {
      return change(null, null);
    }
    Announcement before = newest(last.node());
    byLink.remove(link);
    return change(before, newest(last.node()));
  }

  private static Change change(@Nullable Announcement before, @Nullable Announcement now) {
    Set<String> addresses = new TreeSet<>();
    Set<String> old = before == null ? Set.of() : before.consumes();
    Set<String> current = now == null ? Set.of() : now.consumes();
    old.stream().filter(address -> !current.contains(address)).forEach(addresses::add);
    current.stream().filter(address -> !old.contains(address)).forEach(addresses::add);
    return new Change(
        Optional.ofNullable(before == null ? now : null),
        Optional.ofNullable(now == null ? before : null),
        addresses);
  }

  private @Nullable Announcement newest(String node) {
    return byLink.values().stream()
        .filter(announcement -> announcement.node().equals(node))
        .max(Comparator.comparingLong(Announcement::sequence))
        .orElse(null);
  }

  /** The member of that name; empty when it is not there. */
  synchronized Optional<Announcement> named(String node) {
    return Optional.ofNullable(newest(node));
  }

  /** The names of all members but this one. */
  synchronized Set<String> names() {
    Set<String> names = new TreeSet<>();
    byLink.values().forEach(announcement -> names.add(announcement.node()));
    return names;
  }

  /** Which control hosts are among them. */
  synchronized Set<String> hostIds() {
    Set<String> ids = new TreeSet<>();
    byLink.values().forEach(announcement -> ids.add(announcement.hostId()));
    ids.remove("");
    return ids;
  }

  /** Whether the connection leads to a member, and which. */
  synchronized Optional<Announcement> behind(Object link) {
    return Optional.ofNullable(byLink.get(link));
  }

  /** Which members but this one consume an address. */
  synchronized List<RegistrationInfo> registrations(String address) {
    List<RegistrationInfo> found = new ArrayList<>();
    for (String node : names()) {
      Announcement newest = newest(node);
      if (newest != null && newest.consumes().contains(address)) {
        found.add(new RegistrationInfo(node, 0, false));
      }
    }
    return found;
  }
}
