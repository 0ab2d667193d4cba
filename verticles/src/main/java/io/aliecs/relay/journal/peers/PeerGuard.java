package io.aliecs.relay.journal.peers;

import io.aliecs.relay.journal.peers.KnownHosts.Standing;
import io.aliecs.relay.retry.RateLimitedLog;
import io.aliecs.relay.text.Printable;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards the port of the journal: a peer is the host that its certificate is of, and may do what
 * hosts of the cluster do, and nothing else. A stranger's messages are refused before they are
 * read. Without certificates everybody is trusted, but nobody makes or deletes journals. Thread
 * safe.
 */
public final class PeerGuard implements GrpcServices.Customizer, ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(PeerGuard.class);

  /** A connection without a handshake by then is closed. */
  private static final long HANDSHAKE_S = 10;

  /** A host makes two or three at a time. */
  private static final int MOST_CALLS = 64;

  private final KnownHosts hosts;
  private final boolean certificates;
  private final AtomicLong refused = new AtomicLong();
  private final RateLimitedLog log = new RateLimitedLog(LOG, System::nanoTime);

  /**
   * @param certificates whether hosts prove who they are
   */
  public PeerGuard(KnownHosts hosts, boolean certificates) {
    this.hosts = hosts;
    this.certificates = certificates;
  }

  /** The hosts that it lets in. */
  public KnownHosts hosts() {
    return hosts;
  }

  /** Requests refused since the journal was opened. */
  public long refused() {
    return refused.get();
  }

  @Override
  public NettyServerBuilder customize(
      NettyServerBuilder builder, EnumSet<GrpcServices.Type> services) {
    return builder
        .intercept(this)
        .handshakeTimeout(HANDSHAKE_S, TimeUnit.SECONDS)
        .maxConcurrentCallsPerConnection(MOST_CALLS);
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    PeerRequest request = PeerRequest.of(method);
    if (!certificates && request != PeerRequest.NOBODYS) {
      return next.startCall(call, headers);
    }
    if (!hosts.isOpen()) {
      call.close(Status.UNAVAILABLE.withDescription("the journal is being opened"), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    PeerNames names = names(call);
    Standing peer = names == null ? null : hosts.of(names, null);
    Optional<String> why =
        peer == null ? Optional.of("it shows no certificate") : request.refuses(peer);
    if (names == null || peer == null || why.isPresent()) {
      refuse(call, names, why.orElse(""));
      return new ServerCall.Listener<>() {};
    }
    GuardedCall<Q, R> guarded = new GuardedCall<>(call);
    return new GuardedListener<>(next.startCall(guarded, headers), guarded, request, names, peer);
  }

  private static @Nullable PeerNames names(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      Certificate[] chain = session == null ? new Certificate[0] : session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate own ? PeerNames.of(own) : null;
    } catch (SSLPeerUnverifiedException none) {
      return null;
    }
  }

  private void refuse(ServerCall<?, ?> call, @Nullable PeerNames names, String why) {
    refused.incrementAndGet();
    if (names != null && !hosts.of(names, null).isMember()) {
      hosts.strangerRefused();
    }
    String method = call.getMethodDescriptor().getBareMethodName();
    synchronized (log) {
      log.warn(
          () ->
              "refused "
                  + method
                  + " of "
                  + call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
                  + ", "
                  + Printable.text(names == null ? "nobody" : names.subject())
                  + ": "
                  + Printable.text(why));
    }
    call.close(Status.PERMISSION_DENIED.withDescription(Printable.text(why)), new Metadata());
  }

  /** Sends nothing more once it is refused. */
  private static final class GuardedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private volatile boolean over;

    GuardedCall(ServerCall<Q, R> call) {
      super(call);
    }

    @Override
    public void sendMessage(R message) {
      if (!over) {
        super.sendMessage(message);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!over) {
        super.close(status, trailers);
      }
    }
  }

  /** Checks each message: a call of the journal goes on for days, and hosts are removed. */
  private final class GuardedListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final GuardedCall<Q, ?> call;
    private final PeerRequest request;
    private final PeerNames names;
    private Standing peer;

    GuardedListener(
        ServerCall.Listener<Q> next,
        GuardedCall<Q, ?> call,
        PeerRequest request,
        PeerNames names,
        Standing peer) {
      super(next);
      this.call = call;
      this.request = request;
      this.names = names;
      this.peer = peer;
    }

    @Override
    public void onMessage(Q message) {
      if (call.over) {
        return;
      }
      peer = hosts.of(names, peer);
      Optional<String> why = request.refuses(peer, message);
      if (why.isEmpty()) {
        super.onMessage(message);
        return;
      }
      refuse(call, names, why.get());
      call.over = true;
    }

    @Override
    public void onHalfClose() {
      if (!call.over) {
        super.onHalfClose();
      }
    }
  }
}
