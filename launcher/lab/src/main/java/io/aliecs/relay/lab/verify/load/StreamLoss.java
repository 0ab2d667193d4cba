package io.aliecs.relay.lab.verify.load;

import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A stream that loses every tenth event, and now and then all of a step, a destruction's too. What
 * says that an environment is not published is never lost: until the core is asked nothing else
 * could. Pure but for the random numbers it is given. For one thread at a time.
 */
public record StreamLoss(Random random) implements UnaryOperator<List<SimulatedEvent>> {
  private static final double EVENTS = 0.1;
  private static final double STEPS = 0.1;

  @Override
  public List<SimulatedEvent> apply(List<SimulatedEvent> step) {
    boolean whole = random.nextDouble() < STEPS;
    return step.stream()
        .filter(event -> random.nextDouble() >= (whole ? 1 : EVENTS) || saysUnpublished(event))
        .toList();
  }

  private static boolean saysUnpublished(SimulatedEvent event) {
    return event
        .event()
        .getEnvironmentEvent()
        .getVarsOrDefault("kafka_enabled", "true")
        .equals("false");
  }
}
