package io.parley.benchmarks.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * As much processor as Lambda gives a function of some memory, by a control group of Linux. Lambda gives it in proportion
 * to the memory, one vCPU at 1,769 MB ("Configure Lambda function memory"); that it does so by a quota for every 20 ms is
 * assumed, and is what makes a short burst of work wait. Not safe for threads.
 */
final class ProcessorShare implements AutoCloseable {

    private static final double MB_A_VCPU = 1769;
    private static final int PERIOD_US = 20_000;
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");
    private static final String PROCESSES = "cgroup.procs";

    private final Path group;

    private ProcessorShare(Path group) {
        this.group = group;
    }

    static double vcpus(int memoryMb) {
        return memoryMb / MB_A_VCPU;
    }

    /**
     * Nobody is in it yet. Throws {@link IOException} with a cure where this system has no control groups, or none that this
     * user may make.
     */
    static ProcessorShare of(int memoryMb) throws IOException {
        long quotaUs = Math.round(vcpus(memoryMb) * PERIOD_US);
        boolean second = Files.exists(GROUPS.resolve("cgroup.controllers"));
        Path group = GROUPS.resolve(second ? "" : "cpu")
                .resolve("parley-" + ProcessHandle.current().pid() + "-" + memoryMb);
        try {
            Files.createDirectory(group);
        } catch (IOException e) {
            throw new IOException(
                    "no control group can be made at " + group + ": this needs Linux, and root or a folder"
                            + " there that this user may write to",
                    e);
        }
        ProcessorShare share = new ProcessorShare(group);
        try {
            if (second) {
                share.write("cpu.max", quotaUs + " " + PERIOD_US);
            } else {
                share.write("cpu.cfs_period_us", String.valueOf(PERIOD_US));
                share.write("cpu.cfs_quota_us", String.valueOf(quotaUs));
            }
            return share;
        } catch (IOException e) {
            share.close();
            throw new IOException(
                    "the control group " + group + " takes no processor quota: the cpu controller must be"
                            + " on there",
                    e);
        }
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(group.resolve(file), text);
    }

    /** From now on the process has no more than that, all its threads together. */
    void bound(ProcessHandle process) throws IOException {
        write(PROCESSES, String.valueOf(process.pid()));
    }

    /** Only when the processes in it have ended. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(group);
    }
}
