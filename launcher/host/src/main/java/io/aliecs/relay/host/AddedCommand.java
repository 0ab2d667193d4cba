package io.aliecs.relay.host;

import java.util.concurrent.Callable;

/**
 * A command that a jar beside those of the host adds to {@code relay}, found by {@link
 * java.util.ServiceLoader}: public, with a constructor without arguments, and picocli's annotation
 * {@code Command}. It is made only when it is called. Its result is the exit code.
 */
public interface AddedCommand extends Callable<Integer> {}
