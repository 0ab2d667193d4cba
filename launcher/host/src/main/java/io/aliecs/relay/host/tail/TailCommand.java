package io.aliecs.relay.host.tail;

import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.host.Interruption;
import io.aliecs.relay.host.settings.SettingArguments;
import io.aliecs.relay.host.settings.SettingSources;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.host.terminal.TerminalText;
import io.aliecs.relay.kafka.ClientFailure;
import io.aliecs.relay.settings.KafkaClientProperties;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code relay tail}: see its help. */
@Command(
    name = "tail",
    description = "Shows what is published, decoded: for people, or as JSON lines.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done, interrupted, or not read any more",
      "1:Kafka was not reached",
      "2:usage"
    })
public final class TailCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--bootstrap",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Kafka brokers, separated by commas.")
  private String bootstrap = "";

  @Option(
      names = "--from-beginning",
      description = "Shows what is there already, too (default: what comes from now on).")
  private boolean fromBeginning;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Shows what is there since then, too: how long ago, such as 10m, or a time such as"
              + " 2026-11-29T08:30:00Z.")
  private @Nullable String since;

  @Option(
      names = "--environment",
      paramLabel = "ID",
      description = "Only what is about this environment, and lists that it is in.")
  private @Nullable String environment;

  @Option(
      names = "--run",
      paramLabel = "N",
      converter = RunNumberConverter.class,
      description = "Only messages with this run number, and lists that it is in.")
  private @Nullable Integer run;

  @Option(names = "--runs", description = "Only starts and ends of runs (SOR, EOR).")
  private boolean runs;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Option(names = "--max", paramLabel = "N", description = "Ends after so many records.")
  private long max = Long.MAX_VALUE;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Ends when nothing has come for so long, for example 10s or 2m.")
  private @Nullable Duration timeout;

  @Option(
      names = "--uncommitted",
      description = "Shows records of open and aborted transactions, too.")
  private boolean uncommitted;

  @Mixin private final SettingArguments arguments = new SettingArguments();

  @Parameters(
      paramLabel = "TOPIC",
      arity = "0..*",
      description =
          "Topics to follow, aliecs.environment and aliecs.run too (default: all that are"
              + " published).")
  private List<String> topics = new ArrayList<>();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    StartingPoint start = start();
    TailFilter filter =
        new TailFilter(
            environment, run, start.kind() == StartingPoint.Kind.TIME ? start.time() : 0);
    SettingSources settings = arguments.collect(System.getenv());
    KafkaClientProperties client = settings.kafkaClient();
    try (TopicFollower follower =
            TopicFollower.open(
                bootstrap, wanted(settings.topics()), start, !uncommitted, client.resolve());
        Interruption interruption = Interruption.whenItComes(follower::stop)) {
      if (!topics.isEmpty() && !follower.missing().isEmpty()) {
        err.println(
            Terminal.fitted("waiting for topics that do not exist yet: " + follower.missing()));
      }
      follow(follower, filter, format(out), out);
      interruption.done();
      return 0;
    } catch (KafkaException failed) {
      err.println(Terminal.fitted(new ClientFailure(client, "").ofReader(bootstrap, failed)));
      return 1;
    }
  }

  private StartingPoint start() {
    if (since == null) {
      return fromBeginning ? StartingPoint.BEGINNING : StartingPoint.NOW;
    }
    if (fromBeginning) {
      throw new ParameterException(
          spec.commandLine(), "--since and --from-beginning (expected: one of the two)");
    }
    try {
      return StartingPoint.since(StartingPoint.time(since, Instant.now(), ZoneId.systemDefault()));
    } catch (IllegalArgumentException broken) {
      throw new ParameterException(spec.commandLine(), "--since: " + broken.getMessage(), broken);
    }
  }

  private List<String> wanted(TopicNames names) {
    if (runs && !topics.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--runs and " + topics + " (expected: one of the two)");
    }
    if (!topics.isEmpty()) {
      return topics;
    }
    return (runs ? KnownTopics.RUNS : KnownTopics.PUBLISHED).stream().map(names::inKafka).toList();
  }

  private Function<ConsumerRecord<byte[], byte[]>, String> format(PrintWriter out) {
    if (json) {
      return new JsonLines()::format;
    }
    TextColumns columns =
        new TextColumns(ZoneId.systemDefault(), new Palette(TerminalText.isColoured()));
    out.println(Terminal.fitted(columns.header()));
    out.flush();
    return columns::format;
  }

  private void follow(
      TopicFollower follower,
      TailFilter filter,
      Function<ConsumerRecord<byte[], byte[]>, String> format,
      PrintWriter out) {
    long left = max;
    long lastRecord = System.nanoTime();
    try {
      while (left > 0) {
        List<ConsumerRecord<byte[], byte[]>> records =
            follower.poll(POLL).stream().filter(filter::matches).toList();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          if (left-- > 0) {
            String text = format.apply(record);
            out.println(json ? text : Terminal.fitted(text));
          }
        }
        if (out.checkError()) {
          return; // as with | head: nobody reads on
        }
        long now = System.nanoTime();
        lastRecord = records.isEmpty() ? lastRecord : now;
        if (timeout != null && now - lastRecord >= timeout.toNanos()) {
          return;
        }
      }
    } catch (WakeupException interrupted) {
      out.flush();
    }
  }

  /** Reads {@code 500ms}, {@code 10s}, {@code 1m30s}. */
  public static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return parse(text);
      } catch (NumberFormatException | DateTimeParseException broken) {
        throw new TypeConversionException(
            "'" + text + "' (expected: a duration such as 10s or 2m)");
      }
    }

    static Duration parse(String text) {
      return text.endsWith("ms")
          ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
          : Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }
  }

  /** Reads the number of a run, unsigned. */
  static final class RunNumberConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      try {
        return Integer.parseUnsignedInt(text);
      } catch (NumberFormatException broken) {
        throw new TypeConversionException(
            "'" + text + "' (expected: a run number, 0 to 4294967295)");
      }
    }
  }
}
