package io.parley.local.cli;

import java.util.concurrent.Callable;

/**
 * A subcommand of {@code parley}: a picocli command, found by {@link java.util.ServiceLoader}, so that other modules
 * can add theirs. {@link #call} gives the exit code.
 */
public interface ParleySubcommand extends Callable<Integer> {}
