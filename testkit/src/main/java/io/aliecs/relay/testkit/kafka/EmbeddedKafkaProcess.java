package io.aliecs.relay.testkit.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * {@link EmbeddedKafka} as a program of its own, so that it can be killed and suspended:
 *
 * <pre>EmbeddedKafkaProcess DATA_DIR PORT [--advertise PORT] [--until-eof] [NAME=VALUE ...]</pre>
 *
 * Prints {@code ready 127.0.0.1:PORT} once it serves clients and stops in good order on SIGTERM,
 * or, with {@code --until-eof}, when its standard input ends, so that it does not outlive whoever
 * started it. Exit code 1 and one line on standard error when it does not start.
 */
public final class EmbeddedKafkaProcess {
  private EmbeddedKafkaProcess() {}

  /** See the class. */
  public static void main(String[] args) {
    boolean untilEof = Arrays.asList(args).contains("--until-eof");
    EmbeddedKafka kafka;
    try {
      kafka = EmbeddedKafka.start(options(args));
    } catch (IllegalArgumentException | IllegalStateException refused) {
      System.err.println(refused.getMessage());
      System.exit(1);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "kafka-close"));
    System.out.println("ready " + kafka.bootstrapServers());
    if (untilEof) {
      awaitEndOfInput();
      System.exit(0);
    }
  }

  static KafkaOptions options(String[] args) {
    if (args.length < 2) {
      throw new IllegalArgumentException(
          args.length
              + " arguments (expected: DATA_DIR PORT [--advertise PORT] [--until-eof]"
              + " [NAME=VALUE ...])");
    }
    KafkaOptions options = KafkaOptions.in(Path.of(args[0])).onPort(port(args[1]));
    for (int i = 2; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      if (args[i].equals("--advertise") && i + 1 < args.length) {
        options = options.advertising(port(args[++i]));
      } else if (equals > 0) {
        options = options.with(args[i].substring(0, equals), args[i].substring(equals + 1));
      } else if (!args[i].equals("--until-eof")) {
        throw new IllegalArgumentException(
            args[i] + " (expected: --advertise PORT, --until-eof or NAME=VALUE)");
      }
    }
    return options;
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("port: " + text + " (expected: 0 to 65535)", notANumber);
    }
  }

  private static void awaitEndOfInput() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }
}
