package io.aliecs.relay.host.topics;

import io.aliecs.relay.host.settings.RelaySettings;
import io.aliecs.relay.host.settings.SettingArguments;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.kafka.ClientFailure;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code relay topics}: see its help. */
@Command(
    name = "topics",
    description = "Shows the topics that the relay publishes to, and the last message of each.",
    footer = {
      "",
      "What is expected of the topics, and how Kafka is reached (kafka.client.*), is said by the"
          + " settings: --config, RELAY_ variables, --set."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all topics are there, as expected",
      "1:one is missing or otherwise, or Kafka was not reached",
      "2:usage"
    })
public final class TopicsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--bootstrap",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Kafka brokers, separated by commas.")
  private String bootstrap = "";

  @Option(names = "--json", description = "One JSON object, on one line.")
  private boolean json;

  @Mixin private final SettingArguments arguments = new SettingArguments();

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> environment = System.getenv();
    PublisherOptions options =
        RelaySettings.of(arguments.collect(environment), environment).publisher();
    try {
      List<TopicState> topics = new TopicInspector(bootstrap, options).topics();
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? TopicsJson.of(topics).encode() : table(topics));
      out.flush();
      return topics.stream().allMatch(TopicState::isAsExpected) ? 0 : 1;
    } catch (ExecutionException | KafkaException failed) {
      String reason = new ClientFailure(options.clientProperties(), "").ofReader(bootstrap, failed);
      spec.commandLine().getErr().println(Terminal.fitted(reason));
      return 1;
    }
  }

  private static String table(List<TopicState> topics) {
    return Terminal.fitted(
        String.join(System.lineSeparator(), TopicsTable.lines(topics, System.currentTimeMillis())));
  }
}
