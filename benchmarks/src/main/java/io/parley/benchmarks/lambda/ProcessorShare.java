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
    private final boolean second;
    private final long quotaUs;

    private ProcessorShare(Path group, boolean second, long quotaUs) {
        this.group = group;
        this.second = second;
        this.quotaUs = quotaUs;
    }

    static double vcpus(int memoryMb) {
        return memoryMb / MB_A_VCPU;
    }

    /**
     * Nobody is in it yet, and it does not limit yet. Throws {@link IOException} with a cure where this system has no control
     * groups, or none that this user may make.
     */
    static ProcessorShare of(int memoryMb) throws IOException {
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
        ProcessorShare share = new ProcessorShare(group, second, Math.round(vcpus(memoryMb) * PERIOD_US));
        try {
            share.lift();
            return share;
        } catch (IOException e) {
            share.close();
            throw new IOException(
                    "the control group " + group + " takes no processor quota: the cpu controller must be"
                            + " on there",
                    e);
        }
    }

    /** Puts the process under the group. */
    void add(ProcessHandle process) throws IOException {
        write(PROCESSES, String.valueOf(process.pid()));
    }

    /** From now on all threads of its processes together have no more than the share. */
    void limit() throws IOException {
        quota(String.valueOf(quotaUs), String.valueOf(quotaUs));
    }

    /** Ends the limit. */
    void lift() throws IOException {
        quota("-1", "max");
    }

    private void quota(String ofFirst, String ofSecond) throws IOException {
        if (second) {
            write("cpu.max", ofSecond + " " + PERIOD_US);
        } else {
            write("cpu.cfs_period_us", String.valueOf(PERIOD_US));
            write("cpu.cfs_quota_us", ofFirst);
        }
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(group.resolve(file), text);
    }

    /** Only when the processes in it have ended. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(group);
    }
}
