package io.aliecs.relay.ingest.session;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.IngestMetrics;
import io.aliecs.relay.ingest.stream.IngestMetrics.Problem;
import io.aliecs.relay.ingest.stream.StandStill;
import io.aliecs.relay.ingest.stream.StreamPlan.Extent;
import io.aliecs.relay.ingest.stream.StreamSilence;
import io.aliecs.relay.ingest.stream.UnreadableBatches;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What may be wrong with the stream though all that comes is read: topics that are missing,
 * partitions that stand still, batches that nobody can read, a stream that nobody writes. Lives as
 * long as a reader, on its thread.
 */
public final class StreamHealth {
  private final String servers;
  private final IngestMetrics metrics;
  private final StreamSilence silence;
  private final UnreadableBatches unreadable;
  private final StandStill standStill = new StandStill();
  private String missing = "";

  public StreamHealth(String servers, IngestMetrics metrics, StreamSilence silence) {
    this.servers = servers;
    this.metrics = metrics;
    this.silence = silence;
    this.unreadable = new UnreadableBatches(metrics, System::nanoTime);
  }

  StandStill standStill() {
    return standStill;
  }

  UnreadableBatches unreadable() {
    return unreadable;
  }

  /** A session begins: what is there is compared with what should be. */
  void found(Map<SourcePartition, SourceProgress> known, Map<SourcePartition, Extent> extents) {
    standStill.forget();
    missing = missing(known, extents, servers);
  }

  /** A record was read. */
  void received() {
    silence.received();
  }

  /** Everything that is wrong, for people; empty when nothing is. */
  String problem() {
    Map<Problem, String> all = new LinkedHashMap<>();
    all.put(Problem.TOPIC, missing);
    all.put(Problem.STANDS, standStill.problem(System.nanoTime()));
    all.put(Problem.UNREADABLE, unreadable.problem());
    all.put(Problem.SILENT, silence.problem(servers));
    all.forEach((problem, text) -> metrics.problem(problem, !text.isEmpty()));
    return all.values().stream().filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
  }

  /**
   * What was joined or read and is not there, and the topic without which nothing is known. A topic
   * that was made anew may have fewer partitions than the one before.
   */
  static String missing(
      Map<SourcePartition, SourceProgress> known,
      Map<SourcePartition, Extent> extents,
      String servers) {
    Map<String, String> ids =
        extents.entrySet().stream()
            .collect(
                Collectors.toMap(
                    e -> e.getKey().topic(), e -> e.getValue().topicId(), (a, b) -> a));
    Set<String> read =
        known.entrySet().stream()
            .filter(e -> !extents.containsKey(e.getKey()))
            .filter(e -> e.getValue().next() > 0 || e.getValue().history() > 0)
            .filter(e -> !isReplaced(e.getValue(), ids.get(e.getKey().topic())))
            .map(e -> e.getKey() + missing(e.getValue()))
            .collect(Collectors.toCollection(TreeSet::new));
    boolean listed =
        read.stream().anyMatch(text -> text.startsWith(StreamEventMapper.ENVIRONMENTS));
    boolean absent = !ids.containsKey(StreamEventMapper.ENVIRONMENTS) && !listed;
    String gone = StreamEventMapper.ENVIRONMENTS + ": not there (expected: AliECS's stream)";
    String all =
        Stream.concat(absent ? Stream.of(gone) : Stream.empty(), read.stream())
            .collect(Collectors.joining("; "));
    return all.isEmpty()
        ? ""
        : all
            + "; read from "
            + servers
            + ": AliECS writes its stream to its kafkaEndpoints; correct that key in Consul, or"
            + " ingest.bootstrap-servers, or make the topic";
  }

  /** Topics never lose partitions: where one is not there, the topic is another one. */
  private static boolean isReplaced(SourceProgress had, @Nullable String id) {
    return id != null && (id.isEmpty() || had.topicId().isEmpty() || had.isOfAnother(id));
  }

  private static String missing(SourceProgress had) {
    String expected =
        had.next() < had.history()
            ? "its history, not read yet"
            : "what is behind offset " + had.next();
    return ": not there (expected: " + expected + ")";
  }
}
