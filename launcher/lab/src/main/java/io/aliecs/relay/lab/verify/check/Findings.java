package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the records that one reader got. For one thread. */
public final class Findings {
  private final Isolation isolation;
  private final List<Discrepancy> all = new ArrayList<>();

  public Findings(Isolation isolation) {
    this.isolation = isolation;
  }

  /** How the records were read. */
  public Isolation isolation() {
    return isolation;
  }

  public void add(Kind kind, String environmentId, String text) {
    all.add(new Discrepancy(kind, isolation, environmentId, text));
  }

  public void addAll(List<Discrepancy> more) {
    all.addAll(more);
  }

  public List<Discrepancy> all() {
    return List.copyOf(all);
  }
}
