package io.parley.benchmarks.load;

import io.parley.local.stack.StackOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** Starts stacks in processes of their own and runs loads on them, for other measurements. */
public final class LoadTargets {

    /** What else happens in a run. */
    public interface Moments {
        Moments NONE = new Moments() {};

        /** All are in their rooms and nobody has spoken yet. */
        default void beforeTalk() throws Exception {}

        /** All has been said, and all are still in their rooms. */
        default void afterTalk() throws Exception {}
    }

    private LoadTargets() {}

    public static Target start(StackOptions options) throws IOException {
        return StackCommandLine.start(options);
    }

    /** @param main the class whose process answers as {@link StackTalk} says */
    public static Target start(Class<?> main) throws IOException {
        return StackProcessTarget.start(main, List.of());
    }

    public static LoadResult run(Target target, LoadSettings settings, PrintStream out) throws Exception {
        return run(target, settings, out, Moments.NONE);
    }

    public static LoadResult run(Target target, LoadSettings settings, PrintStream out, Moments moments)
            throws Exception {
        return new LoadRun(target, settings, out).run(moments);
    }
}
