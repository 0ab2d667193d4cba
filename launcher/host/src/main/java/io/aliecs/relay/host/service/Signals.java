package io.aliecs.relay.host.service;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles SIGTERM and SIGINT: the first one ends the process in order, a second one at once.
 *
 * <p>A shutdown hook alone does not notice a second signal. The class that does, {@code
 * sun.misc.Signal}, is supported by every JDK but not part of Java: it is looked up at run time,
 * and where it is missing a shutdown hook does what it can.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final List<String> NAMES = List.of("TERM", "INT");

  /** What a shell shows for a process that SIGTERM has ended. */
  private static final int ENDED_BY_SIGNAL = 143;

  private Signals() {}

  /** Runs {@code end} on a thread of its own at the first signal; it must end the process. */
  static void onEnd(Runnable end) {
    try {
      handle(end);
    } catch (ReflectiveOperationException e) {
      LOG.warn("a second SIGTERM will not be heard: {}", e.toString());
      Runtime.getRuntime().addShutdownHook(new Thread(end, "relay-shutdown"));
    }
  }

  private static void handle(Runnable end) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Method register = signal.getMethod("handle", signal, handler);
    AtomicInteger received = new AtomicInteger();
    InvocationHandler onSignal =
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return method.invoke(received, arguments);
          }
          if (received.incrementAndGet() == 1) {
            new Thread(end, "relay-shutdown").start();
          } else {
            Runtime.getRuntime().halt(ENDED_BY_SIGNAL);
          }
          return null;
        };
    Object proxy =
        Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, onSignal);
    for (String name : NAMES) {
      register.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    }
  }
}
