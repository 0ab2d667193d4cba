package io.aliecs.relay.text;

import java.util.ArrayList;
import java.util.List;

/** What is behind a failure. */
public final class Causes {
  private Causes() {}

  /** The failure, its cause, the cause of that and so on; none a second time. */
  public static List<Throwable> of(Throwable failure) {
    List<Throwable> all = new ArrayList<>();
    Throwable next = failure;
    while (next != null && !all.contains(next)) {
      all.add(next);
      next = next.getCause();
    }
    return all;
  }

  /** The last of them. */
  public static Throwable root(Throwable failure) {
    List<Throwable> all = of(failure);
    return all.get(all.size() - 1);
  }
}
