package io.aliecs.relay.domain.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aliecs.relay.domain.aliecs.State;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message says about an environment; the fields of the wire's {@code EnvInfo}.
 *
 * @param runNumber present only in RUNNING and in the message before START_ACTIVITY
 * @param runType present where {@code runNumber} is and the type is known
 * @param enteredAt when the state named in {@code state} was entered, ms since epoch
 */
public record EnvironmentInfo(
    String environmentId,
    @Nullable Long runNumber,
    @Nullable String runType,
    State state,
    List<String> detectors,
    long enteredAt) {

  /**
   * The order of the list of active runs: among runs with two or more detectors, those with ITS
   * first; then more detectors before fewer; then the lower run number; then the environment id.
   */
  public static final Comparator<EnvironmentInfo> LIST_ORDER =
      Comparator.comparing(EnvironmentInfo::leads, Comparator.reverseOrder())
          .thenComparing(run -> run.detectors().size(), Comparator.reverseOrder())
          .thenComparingLong(run -> run.runNumber() == null ? 0 : run.runNumber())
          .thenComparing(EnvironmentInfo::environmentId);

  /** By the unsigned bytes of their UTF-8 form, as Go sorts strings. */
  private static final Comparator<String> BYTE_ORDER =
      (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

  public EnvironmentInfo {
    detectors = List.copyOf(detectors);
  }

  private boolean leads() {
    return detectors.size() >= 2 && detectors.contains("ITS");
  }

  /** The same with its detectors in byte order, as the list of active runs has them. */
  public EnvironmentInfo listed() {
    List<String> sorted = detectors.stream().sorted(BYTE_ORDER).toList();
    return new EnvironmentInfo(environmentId, runNumber, runType, state, sorted, enteredAt);
  }
}
