package io.aliecs.relay.host.compare;

import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.host.Interruption;
import io.aliecs.relay.host.settings.SettingArguments;
import io.aliecs.relay.host.settings.SettingSources;
import io.aliecs.relay.host.tail.Decoded;
import io.aliecs.relay.host.tail.StartingPoint;
import io.aliecs.relay.host.tail.TailCommand;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.kafka.ClientFailure;
import io.aliecs.relay.publisher.records.RecordMapper;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code relay compare}: see its help. */
@Command(
    name = "compare",
    description = "Compares what AliECS's own plugin and the relay publish, side by side.",
    footer = {
      "",
      "The relay's prefix is kafka.topic-prefix of the settings: --config, RELAY_ variables, --set."
          + " It begins where both sides have something, and says what differs, in content or in"
          + " order, and by how much time."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:both say the same",
      "1:they differ, one has nothing, or Kafka was not reached",
      "2:usage"
    })
public final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--bootstrap",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Kafka brokers, separated by commas.")
  private String bootstrap = "";

  @Option(
      names = "--plugin-prefix",
      paramLabel = "PREFIX",
      defaultValue = "aliecs.",
      description = "What the plugin's topics begin with (default: ${DEFAULT-VALUE}).")
  private String pluginPrefix = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Begins there: how long ago, such as 10m, or a time such as 2026-11-29T08:30:00Z"
              + " (default: all that is there; with --follow, from now on).")
  private @Nullable String since;

  @Option(names = "--follow", description = "Goes on until it is interrupted.")
  private boolean follow;

  @Option(
      names = "--patience",
      paramLabel = "DURATION",
      converter = TailCommand.DurationConverter.class,
      defaultValue = "30s",
      description =
          "How far apart two messages that are the same may be (default: ${DEFAULT-VALUE}).")
  private Duration patience = Duration.ZERO;

  @Option(names = "--json", description = "One JSON object a line; the last one is the result.")
  private boolean json;

  @Mixin private final SettingArguments arguments = new SettingArguments();

  @Override
  public Integer call() {
    SettingSources settings = arguments.collect(System.getenv());
    TopicNames plugin = new TopicNames(pluginPrefix);
    if (settings.topics().equals(plugin)) {
      throw new ParameterException(
          spec.commandLine(),
          "kafka.topic-prefix: \""
              + pluginPrefix
              + "\", the plugin's (expected: another one, such as --set kafka.topic-prefix=relay.)");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    ComparisonText text = new ComparisonText(json, ZoneId.systemDefault());
    try (BothPrefixes topics =
            new BothPrefixes(
                bootstrap,
                settings.kafkaClient().resolve(),
                Map.of(Side.PLUGIN, plugin, Side.RELAY, settings.topics()));
        Interruption interruption = Interruption.whenItComes(topics::stop)) {
      int code = compare(topics, text, out, err);
      out.flush();
      interruption.done();
      return code;
    } catch (KafkaException failed) {
      err.println(
          Terminal.fitted(
              new ClientFailure(settings.kafkaClient(), "").ofReader(bootstrap, failed)));
      return 1;
    }
  }

  private int compare(BothPrefixes topics, ComparisonText text, PrintWriter out, PrintWriter err) {
    long now = System.currentTimeMillis();
    long from = now;
    if (!follow || since != null) {
      Map<Side, Long> firsts = topics.firsts(since == null ? 0 : since(since));
      for (Side side : Side.values()) {
        if (!firsts.containsKey(side) && !follow) {
          err.println(
              "nothing of the " + side.text() + " to compare (expected: messages of both sides)");
          return 1;
        }
      }
      from = firsts.values().stream().mapToLong(Long::longValue).max().orElse(now);
    }
    // What comes while it reads is there of one side and not yet of the other.
    long judged = follow ? Long.MAX_VALUE : System.currentTimeMillis();
    topics.begin(Math.max(0, from - patience.toMillis())); // what one has said a little before
    Comparison comparison = new Comparison(from, patience);
    follow(topics, comparison, judged, text, out);
    out.println(text.of(comparison.result()));
    return comparison.result().isAlike() ? 0 : 1;
  }

  private long since(String text) {
    try {
      return StartingPoint.time(text, Instant.now(), ZoneId.systemDefault());
    } catch (IllegalArgumentException broken) {
      throw new ParameterException(spec.commandLine(), "--since: " + broken.getMessage(), broken);
    }
  }

  private void follow(
      BothPrefixes topics,
      Comparison comparison,
      long judged,
      ComparisonText text,
      PrintWriter out) {
    Statements statements = new Statements();
    try {
      while (!out.checkError() && (follow || !topics.hasReadWhatWasThere())) {
        long now = Math.min(judged, System.currentTimeMillis());
        for (ConsumerRecord<byte[], byte[]> record : topics.poll()) {
          if (record.headers().lastHeader(RecordMapper.REPEAT_HEADER) != null) {
            continue; // somebody has asked for it once more: no news
          }
          print(add(record, topics.side(record.topic()), statements, comparison), text, out);
        }
        print(comparison.readUpTo(topics.readUpTo(now)), text, out);
      }
      print(comparison.readUpTo(Math.min(judged, System.currentTimeMillis())), text, out);
    } catch (WakeupException interrupted) {
      out.flush();
    }
  }

  private static List<Difference> add(
      ConsumerRecord<byte[], byte[]> record,
      Side side,
      Statements statements,
      Comparison comparison) {
    String topic = TopicNames.usualOfAny(record.topic());
    Decoded value = Decoded.of(topic, record.value());
    if (value instanceof Decoded.Broken broken) {
      String place = "partition " + record.partition() + ", offset " + record.offset() + ": ";
      return List.of(comparison.broken(side, topic, record.timestamp(), place + broken.reason()));
    }
    return statements.of(side, topic, value, record.timestamp()).stream()
        .flatMap(one -> comparison.add(one).stream())
        .toList();
  }

  private static void print(List<Difference> differences, ComparisonText text, PrintWriter out) {
    differences.forEach(one -> out.println(text.of(one)));
  }
}
