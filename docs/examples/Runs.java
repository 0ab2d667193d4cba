import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints the start (SOR) and the end (EOR) of each run: {@code Runs HOST:PORT GROUP}. */
public class Runs {
  private static final String SOR = "aliecs.env_state.RUNNING";
  private static final String EOR = "aliecs.env_leave_state.RUNNING";

  public static void main(String[] args) throws Exception {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", args[0],
            "group.id", args[1],
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed"); // Java's default is not
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(SOR, EOR));
      while (true) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          EnvInfo env = NewStateNotification.parseFrom(record.value()).getEnvInfo();
          System.out.println(
              (record.topic().equals(SOR) ? "SOR" : "EOR")
                  + " run " + Integer.toUnsignedString(env.getRunNumber())
                  + " " + env.getRunType()
                  + " " + env.getEnvironmentId()
                  + " " + String.join(",", env.getDetectorsList())
                  + " sequence " + new String(record.headers().lastHeader("ce_sequence").value()));
        }
      }
    }
  }
}
