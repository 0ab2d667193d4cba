package io.aliecs.relay.reconcile;

import io.aliecs.relay.bus.status.CoreEnvironments;
import io.aliecs.relay.proto.control.GetEnvironmentsReply;
import io.aliecs.relay.proto.control.GetEnvironmentsRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** AliECS's core over gRPC. Each question has its answer or its failure within a bounded time. */
public final class CoreClient {
  /** An environment with all its variables takes some hundred kB. */
  private static final long LARGEST_ANSWER = 32L * 1024 * 1024;

  /** Beyond gRPC's own deadline, for a connection that is silent. */
  private static final Duration SLACK = Duration.ofMillis(500);

  private static final ServiceMethod<GetEnvironmentsReply, GetEnvironmentsRequest>
      GET_ENVIRONMENTS =
          ServiceMethod.client(
              ServiceName.create("o2control.Control"),
              "GetEnvironments",
              GrpcMessageEncoder.encoder(),
              GrpcMessageDecoder.decoder(GetEnvironmentsReply.getDefaultInstance()));

  private final GrpcClient client;
  private final SocketAddress address;
  private final Clock clock;
  private final Duration deadline;

  /**
   * @param deadline how long an answer may take
   */
  public CoreClient(Vertx vertx, ReconcileOptions options, Duration deadline, Clock clock) {
    this.address = SocketAddress.inetSocketAddress(options.port(), options.host());
    this.deadline = deadline;
    this.clock = clock;
    this.client =
        GrpcClient.client(
            vertx,
            new GrpcClientOptions()
                .setMaxMessageSize(LARGEST_ANSWER)
                .setTimeout((int) deadline.toMillis())
                .setTimeoutUnit(TimeUnit.MILLISECONDS)
                .setScheduleDeadlineAutomatically(true),
            transport(options, deadline));
  }

  private static HttpClientOptions transport(ReconcileOptions options, Duration deadline) {
    HttpClientOptions http =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false) // gRPC servers speak HTTP/2 from the first byte
            .setConnectTimeout((int) deadline.toMillis());
    if (options.tls()) {
      http.setSsl(true).setUseAlpn(true);
      if (!options.authority().isBlank()) {
        http.setTrustOptions(new PemTrustOptions().addCertPath(options.authority()));
      }
    }
    return http;
  }

  /** Asks for all environments; fails with one line for people. */
  Future<CoreAnswer> environments() {
    long askedAt = clock.millis();
    GetEnvironmentsRequest all = GetEnvironmentsRequest.newBuilder().setShowAll(true).build();
    return client
        .request(address, GET_ENVIRONMENTS)
        .compose(request -> request.send(all))
        .compose(CoreClient::read)
        .map(
            reply ->
                CoreAnswer.of(
                    reply.getEnvironmentsList(), reply.getTimestamp(), askedAt, clock.millis()))
        .timeout(deadline.plus(SLACK).toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many environments it has, and how old the newest is; fails like the above. */
  public Future<CoreEnvironments> summary() {
    return environments().map(CoreAnswer::summary);
  }

  /** The status comes behind the message: a message alone is no answer. */
  private static Future<GetEnvironmentsReply> read(
      GrpcClientResponse<GetEnvironmentsRequest, GetEnvironmentsReply> response) {
    Future<GetEnvironmentsReply> last = response.last();
    return response
        .end()
        .transform(
            ended -> {
              GrpcStatus status = response.status();
              if (!status.equals(GrpcStatus.OK)) {
                String text = response.statusMessage();
                return Future.failedFuture(
                    "gRPC status " + status.name() + (text == null ? "" : ": " + text));
              }
              return ended.failed() ? Future.failedFuture(ended.cause()) : last;
            })
        .compose(
            reply ->
                reply == null
                    ? Future.failedFuture("no message (expected: GetEnvironmentsReply)")
                    : Future.succeededFuture(reply));
  }

  /** Ends its connections. */
  public Future<Void> close() {
    return client.close();
  }
}
