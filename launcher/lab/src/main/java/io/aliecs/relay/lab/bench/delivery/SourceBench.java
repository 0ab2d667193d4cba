package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The way of a real AliECS: from handing its event that a state is entered to a producer, to the
 * message of it being readable with {@code read_committed}, everything else quiet. The broker is a
 * process of its own.
 */
public final class SourceBench {
  private static final String ID = "source";
  private static final int WARM_UP = 300;

  private final AliEcsEvents aliEcs = AliEcsEvents.of(ID, Instant::now);
  private final StreamWorkload work;

  private SourceBench(StreamWorkload work) {
    this.work = work;
  }

  /** Runs it, and adds a line to {@code source.csv}. */
  public static void run(Path history, int changes) throws Exception {
    List<String> topics = List.of(Topics.entered(State.CONFIGURED), Topics.entered(State.DEPLOYED));
    try (StreamWorkload work = new StreamWorkload(topics)) {
      SourceBench bench = new SourceBench(work);
      bench.create();
      bench.changes(WARM_UP);
      Samples times = bench.changes(changes);
      new History(history, "source")
          .line()
          .with("changes", changes)
          .with("p50_ms", times.quantile(0.5))
          .with("p99_ms", times.quantile(0.99))
          .with("max_ms", times.quantile(1))
          .add();
    }
  }

  private void create() throws Exception {
    work.write(aliEcs.created(new EnvironmentSetup(ID, List.of("ITS"), "PHYSICS", true)));
    work.write(aliEcs.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    work.awaitState(ID, State.DEPLOYED);
  }

  private Samples changes(int count) throws Exception {
    Samples times = new Samples();
    for (int i = 0; i < count; i++) {
      boolean up = aliEcs.state().equals("DEPLOYED");
      AliEcsTransition next = up ? AliEcsTransition.CONFIGURE : AliEcsTransition.RESET;
      work.write(ID, aliEcs.transition(next, FailurePoint.NONE), times);
    }
    return times;
  }
}
