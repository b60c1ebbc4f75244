package io.parley.local.cluster;

import io.parley.local.system.Eventually;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Flink cluster as one would be in production: a JobManager and TaskManagers of one slot each, every one a JVM of its
 * own on this machine, with RocksDB and with checkpoints in files. Its jars are those that {@code copy-flink-cluster}
 * of the module's pom leaves in {@code target/flink-cluster/lib}, its logs go to {@code target/flink-cluster/logs}.
 *
 * <p>Flink's distribution computes memory by a shell script; here it is set whole, and small. Heartbeats are short, so
 * that a dead TaskManager is missed within seconds. Everything listens on 127.0.0.1 at free ports. Not thread safe.
 */
public final class FlinkCluster implements AutoCloseable {

    /** What Flink and the Kinesis connector look into, as in the configuration that Flink ships. */
    private static final List<String> OPENED = List.of(
            "java.lang",
            "java.net",
            "java.io",
            "java.nio",
            "java.math",
            "java.text",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.concurrent.locks");

    private static final String LOGGING = """
            rootLogger.level = INFO
            rootLogger.appenderRef.console.ref = console
            appender.console.name = console
            appender.console.type = CONSOLE
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5p %-60c - %m%n
            """;

    private final Path lib;
    private final Path logs;
    private final Path work;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final Thread atExit = new Thread(this::endProcesses, "end-flink-cluster");
    private final FlinkRest rest;
    private int taskManagersStarted;

    private FlinkCluster(Path home, Path work) throws IOException {
        lib = home.resolve("lib");
        logs = Files.createDirectories(home.resolve("logs"));
        this.work = work;
        if (!Files.isDirectory(lib)) {
            throw new IllegalStateException(lib + " is missing: Maven makes it in the phase pre-integration-test, so "
                    + "run this test by mvn verify");
        }
        int restPort = freePort();
        configure(restPort, freePort());
        rest = new FlinkRest("http://127.0.0.1:" + restPort);
    }

    /**
     * Starts a cluster; returns when all its slots are free to be used.
     *
     * @param home the folder that has {@code lib}
     * @param work an empty folder, for configuration and checkpoints
     */
    public static FlinkCluster start(Path home, Path work, int taskManagers) throws Exception {
        FlinkCluster cluster = new FlinkCluster(home, work);
        Runtime.getRuntime().addShutdownHook(cluster.atExit);
        try {
            cluster.startJobManager();
            for (int i = 0; i < taskManagers; i++) {
                cluster.startTaskManager();
            }
            cluster.await("its TaskManagers are there", () -> cluster.rest.freeSlots() == taskManagers);
            return cluster;
        } catch (Throwable e) {
            cluster.close();
            throw e;
        }
    }

    public FlinkRest rest() {
        return rest;
    }

    /** Starts one more TaskManager, and gives its id; it has a slot as soon as it has registered. */
    public String startTaskManager() throws IOException {
        String id = "taskmanager-" + ++taskManagersStarted;
        List<String> arguments = new ArrayList<>(List.of("--configDir", work.toString()));
        arguments.add("-D");
        arguments.add("taskmanager.resource-id=" + id);
        startProcess(id, 384, "org.apache.flink.runtime.taskexecutor.TaskManagerRunner", arguments);
        return id;
    }

    /** Kills a TaskManager by SIGKILL: nothing of it is flushed, closed or said goodbye. Returns when it is dead. */
    public void killTaskManager(String id) throws InterruptedException {
        Process process = processes.remove(id);
        if (process == null) {
            throw new IllegalArgumentException("there is no TaskManager " + id + "; there are " + processes.keySet());
        }
        process.destroyForcibly();
        process.waitFor();
    }

    /** Uploads a job's jar and runs its main class; gives the job's id when all its tasks run. */
    public String runJob(Path jar, String... programArguments) throws Exception {
        String job = rest.run(rest.upload(jar), List.of(programArguments));
        await("the job runs", () -> rest.allTasksRun(job));
        return job;
    }

    /** Ends all processes, and waits until they have ended. */
    @Override
    public void close() {
        endProcesses();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook runs by itself.
        }
    }

    private void endProcesses() {
        processes.values().forEach(Process::destroyForcibly);
        for (Process process : processes.values()) {
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void startJobManager() throws IOException {
        startProcess(
                "jobmanager",
                512,
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                List.of("--configDir", work.toString()));
    }

    private void startProcess(String id, int heapMb, String mainClass, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMb + "m");
        command.add("-XX:+UseSerialGC");
        for (String opened : OPENED) {
            command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        command.add("-Dlog4j.configurationFile=" + work.resolve("log4j2.properties"));
        command.add("-cp");
        command.add(classpath());
        command.add(mainClass);
        command.addAll(arguments);
        processes.put(
                id,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(logs.resolve(id + ".log").toFile())
                        .start());
    }

    private String classpath() throws IOException {
        try (Stream<Path> jars = Files.list(lib)) {
            return String.join(
                    File.pathSeparator, jars.map(Path::toString).sorted().toList());
        }
    }

    private void configure(int restPort, int rpcPort) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("jobmanager.rpc.address", "127.0.0.1");
        settings.put("jobmanager.rpc.port", String.valueOf(rpcPort));
        settings.put("jobmanager.bind-host", "127.0.0.1");
        settings.put("rest.address", "127.0.0.1");
        settings.put("rest.bind-address", "127.0.0.1");
        settings.put("rest.port", String.valueOf(restPort));
        settings.put("taskmanager.host", "127.0.0.1");
        settings.put("taskmanager.bind-host", "127.0.0.1");
        settings.put("taskmanager.numberOfTaskSlots", "1");

        settings.put("taskmanager.cpu.cores", "1.0");
        settings.put("taskmanager.memory.framework.heap.size", "128m");
        settings.put("taskmanager.memory.task.heap.size", "256m");
        settings.put("taskmanager.memory.framework.off-heap.size", "64m");
        settings.put("taskmanager.memory.task.off-heap.size", "64m");
        settings.put("taskmanager.memory.network.min", "32m");
        settings.put("taskmanager.memory.network.max", "32m");
        settings.put("taskmanager.memory.managed.size", "64m");
        settings.put("taskmanager.memory.jvm-metaspace.size", "192m");
        settings.put("taskmanager.memory.jvm-overhead.min", "192m");
        settings.put("taskmanager.memory.jvm-overhead.max", "192m");

        settings.put("heartbeat.interval", "1000");
        settings.put("heartbeat.timeout", "5000");
        settings.put("state.backend.type", "rocksdb");
        settings.put("execution.checkpointing.incremental", "true");
        settings.put(
                "execution.checkpointing.dir",
                work.resolve("checkpoints").toUri().toString());
        settings.put("io.tmp.dirs", Files.createDirectories(work.resolve("tmp")).toString());

        StringBuilder yaml = new StringBuilder();
        settings.forEach(
                (key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
        Files.writeString(work.resolve("config.yaml"), yaml);
        Files.writeString(work.resolve("log4j2.properties"), LOGGING);
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        Eventually.until("of the Flink cluster (logs in " + logs + "): " + what, () -> {
            for (Map.Entry<String, Process> process : processes.entrySet()) {
                if (!process.getValue().isAlive()) {
                    throw new AssertionError(process.getKey() + " has ended by itself; its log is in " + logs);
                }
            }
            return condition.call();
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
