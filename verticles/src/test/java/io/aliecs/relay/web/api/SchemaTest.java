package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.web.RunningWeb;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reader gets from a host what it decodes the messages with, before there is any state. */
class SchemaTest {
  private final RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  @Test
  void theSourceIsTheOneThatTheRelayIsBuiltOf() throws Exception {
    HttpResponse<String> proto = web.get("/api/v1/kafka.proto");
    assertThat(proto.statusCode()).isEqualTo(200);
    assertThat(proto.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
    assertThat(proto.body())
        .isEqualTo(Files.readString(Path.of("../proto/src/main/protobuf/kafka.proto")));
    String etag = proto.headers().firstValue("etag").orElseThrow();
    assertThat(web.get("/api/v1/kafka.proto", "If-None-Match", etag).statusCode()).isEqualTo(304);
  }

  @Test
  void aProgramWithNothingButTheDescriptorsDecodesAMessage() throws Exception {
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://127.0.0.1:"
                                + web.web.listening().port()
                                + "/api/v1/kafka.desc"))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/x-protobuf");
    FileDescriptorProto file = FileDescriptorSet.parseFrom(answer.body()).getFile(0);
    Descriptor notification =
        FileDescriptor.buildFrom(file, new FileDescriptor[0])
            .findMessageTypeByName("NewStateNotification");
    byte[] value =
        NewStateNotification.newBuilder()
            .setEnvInfo(EnvInfo.newBuilder().setEnvironmentId("2env").setRunNumber(7))
            .build()
            .toByteArray();
    assertThat(DynamicMessage.parseFrom(notification, value).toString())
        .contains("environmentId: \"2env\"", "runNumber: 7");
  }

  @Test
  void hasAPackageForEachLanguageThatNeedsOne() throws Exception {
    assertThat(web.get("/api/v1/kafka.proto").body())
        .contains("option java_package", "option go_package", "option csharp_namespace");
  }
}
