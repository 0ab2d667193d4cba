package io.aliecs.relay.lab.simulate.events;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Invents environments and what happens to them, the same for the same seed. For one thread at a
 * time.
 */
public final class LifeScripts {
  private static final List<String> DETECTORS =
      List.of(
          "ITS", "TPC", "TRD", "TOF", "EMC", "PHS", "CPV", "HMP", "MCH", "MID", "MFT", "FT0", "FV0",
          "FDD", "ZDC", "ACO", "CTP", "TST");
  private static final List<String> RUN_TYPES =
      List.of(
          "PHYSICS",
          "PHYSICS",
          "PHYSICS",
          "COSMICS",
          "TECHNICAL",
          "SYNTHETIC",
          "CALIBRATION",
          "PEDESTAL",
          "LASER",
          "CALIBRATION_ITHR_TUNING");
  private static final List<String> HOUSEKEEPING =
      List.of("o2-roc-config", "resources-cleanup", "tpc-pedestals");
  private static final String ID_CHARACTERS =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final int ID_LENGTH = 11;
  private static final int MOST_RUNS = 3;

  private static final List<FailurePoint> FAILURES =
      List.of(
          FailurePoint.BEFORE,
          FailurePoint.BEFORE_LATE,
          FailurePoint.LEAVE,
          FailurePoint.TASKS,
          FailurePoint.ENTER,
          FailurePoint.AFTER);

  private final Random random;
  private final double failures;
  private final double unpublished;
  private final double housekeeping;
  private long invented;

  /** Scripts from {@code seed}, of environments that take data. */
  public LifeScripts(long seed, double failures, double unpublished) {
    this(seed, failures, unpublished, 0);
  }

  /**
   * Scripts from {@code seed}.
   *
   * @param failures probability that a transition fails, 0 to 1
   * @param unpublished probability that an environment has {@code kafka_enabled=false}, 0 to 1
   * @param housekeeping probability that an environment runs a workflow that takes no data, 0 to 1
   */
  public LifeScripts(long seed, double failures, double unpublished, double housekeeping) {
    this.random = new Random(seed);
    this.failures = failures;
    this.unpublished = unpublished;
    this.housekeeping = housekeeping;
  }

  /**
   * A new environment. AliECS gives a detector to one environment at a time, so there may be none
   * of those names left; it has one of a name of its own then.
   *
   * @param taken detectors of the environments that are there
   */
  public EnvironmentSetup environment(Set<String> taken) {
    StringBuilder id = new StringBuilder("2");
    while (id.length() < ID_LENGTH) {
      id.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
    }
    List<String> free = new ArrayList<>(DETECTORS);
    free.removeAll(taken);
    Collections.shuffle(free, random);
    int most = Math.max(1, free.size() / 2);
    List<String> detectors =
        free.isEmpty() ? List.of("T" + ++invented) : free.subList(0, 1 + random.nextInt(most));
    String runType = RUN_TYPES.get(random.nextInt(RUN_TYPES.size()));
    boolean published = random.nextDouble() >= unpublished;
    return new EnvironmentSetup(id.toString(), detectors, runType, published, workflow());
  }

  private String workflow() {
    return housekeeping > 0 && random.nextDouble() < housekeeping
        ? HOUSEKEEPING.get(random.nextInt(HOUSEKEEPING.size()))
        : EnvironmentSetup.DATA_TAKING;
  }

  /** A life from creation to destruction, with up to {@value #MOST_RUNS} runs. */
  public List<LifeStep> life() {
    List<LifeStep> steps = new ArrayList<>();
    if (fails() && random.nextBoolean()) {
      steps.add(new LifeStep.NotCreated(creationFailure()));
      return steps;
    }
    steps.add(new LifeStep.Create());
    if (!deployed(steps)) {
      goError(steps, true);
      destroy(steps);
      steps.add(new LifeStep.CreationFailed(creationFailure()));
      return steps;
    }
    steps.add(new LifeStep.Announce());
    boolean goesOn = true;
    for (int runs = 1 + random.nextInt(MOST_RUNS); goesOn && runs > 0; runs--) {
      goesOn = ran(steps);
    }
    if (goesOn) {
      end(steps);
    }
    return steps;
  }

  /** Adds deployment and configuration; false when one of them failed. */
  private boolean deployed(List<LifeStep> steps) {
    return moved(steps, AliEcsTransition.DEPLOY) && moved(steps, AliEcsTransition.CONFIGURE);
  }

  /** Adds a run; false when the environment was destroyed in it. */
  private boolean ran(List<LifeStep> steps) {
    if (!moved(steps, AliEcsTransition.START_ACTIVITY)) {
      return recovered(steps, true);
    }
    if (fails()) {
      if (random.nextInt(3) == 0) {
        destroy(steps);
        return false;
      }
      return recovered(steps, random.nextBoolean());
    }
    if (!moved(steps, AliEcsTransition.STOP_ACTIVITY)) {
      return recovered(steps, true);
    }
    return true;
  }

  /** Adds GO_ERROR and a way out of it; false when that was destruction. */
  private boolean recovered(List<LifeStep> steps, boolean announced) {
    goError(steps, announced);
    if (random.nextBoolean()) {
      destroy(steps);
      return false;
    }
    steps.add(new LifeStep.Move(AliEcsTransition.RECOVER));
    steps.add(new LifeStep.Move(AliEcsTransition.CONFIGURE));
    return true;
  }

  private void end(List<LifeStep> steps) {
    if (random.nextInt(10) == 0) {
      steps.add(new LifeStep.Move(AliEcsTransition.EXIT));
      return;
    }
    if (!moved(steps, AliEcsTransition.RESET)) {
      goError(steps, true);
    }
    destroy(steps);
  }

  private void destroy(List<LifeStep> steps) {
    if (fails()) {
      steps.add(new LifeStep.NotDestroyed());
    }
    steps.add(new LifeStep.Destroy());
  }

  private String creationFailure() {
    return AliEcsEvents.CREATION_FAILURES.get(
        random.nextInt(AliEcsEvents.CREATION_FAILURES.size()));
  }

  private boolean moved(List<LifeStep> steps, AliEcsTransition transition) {
    boolean failed = fails();
    FailurePoint failure =
        failed ? FAILURES.get(random.nextInt(FAILURES.size())) : FailurePoint.NONE;
    steps.add(new LifeStep.Move(transition, failure));
    return !failed;
  }

  private static void goError(List<LifeStep> steps, boolean announced) {
    steps.add(new LifeStep.GoError(announced));
  }

  private boolean fails() {
    return random.nextDouble() < failures;
  }
}
