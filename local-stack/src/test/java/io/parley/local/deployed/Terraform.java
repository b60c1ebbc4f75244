package io.parley.local.deployed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.contract.Absence;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Terraform on a copy of the root module, with a state of its own. Where its provider sends requests is said by the
 * environment alone. What it prints is in {@code terraform.log} beside the copy; how far it is goes to standard output.
 */
public final class Terraform {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_MINUTES = 10;
    private static final Pattern PLANNED = Pattern.compile("Plan: (\\d+) to add, (\\d+) to change, (\\d+) to destroy");
    private static final Pattern DONE = Pattern.compile(": (?:Creation|Modifications|Destruction) complete after");

    private final Path copy;
    private final Path log;
    private final Map<String, String> environment;

    /** Copies the module of the folder {@code source} to a folder {@code terraform} of {@code place}. */
    Terraform(Path source, Path place, Map<String, String> environment) {
        this.copy = place.resolve("terraform");
        this.log = place.resolve("terraform.log");
        this.environment = environment;
        try {
            Files.deleteIfExists(log);
            delete(copy);
            copyModule(source);
            // Where the provider is installed already; elsewhere init downloads.
            Path mirror = copy.resolve("terraformrc");
            run("sh", source.resolve("mirror.sh").toAbsolutePath().toString(), mirror.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        terraform("init", "-backend=false", "-input=false");
    }

    /** Skips the test with one line where Terraform is missing, or fails if PARLEY_REQUIRE has {@code terraform}. */
    static void require() {
        if (Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .noneMatch(folder -> new File(folder, "terraform").canExecute())) {
            Absence.skipUnlessRequired("terraform", "terraform is not installed");
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void copyModule(Path source) throws IOException {
        var wanted = FileSystems.getDefault().getPathMatcher("glob:{*.tf,modules/**.tf}");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = source.relativize(file);
                if (wanted.matches(name)) {
                    Files.createDirectories(copy.resolve(name).getParent());
                    Files.copy(file, copy.resolve(name));
                }
            }
        }
    }

    /** From now on every command has these variables. */
    public void set(Map<String, ?> variables) {
        try {
            JSON.writeValue(copy.resolve("test.auto.tfvars.json").toFile(), variables);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plans, for {@link #applyPlan}; what it would change: of each object {@code address} and {@code change}. */
    public List<JsonNode> plan() {
        terraform("plan", "-input=false", "-out=plan");
        try {
            List<JsonNode> changes = new ArrayList<>();
            for (JsonNode object :
                    JSON.readTree(terraform("show", "-json", "plan")).path("resource_changes")) {
                String action = object.path("change").path("actions").path(0).asText();
                if (!action.equals("no-op") && !action.equals("read")) {
                    changes.add(object);
                }
            }
            return changes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void applyPlan() {
        terraform("apply", "-input=false", "plan");
    }

    public void apply() {
        terraform("apply", "-input=false", "-auto-approve");
    }

    public void destroy() {
        terraform("destroy", "-input=false", "-auto-approve");
    }

    /** The addresses of everything in the state. */
    public List<String> state() {
        return terraform("state", "list").lines().toList();
    }

    public String output(String name) {
        return terraform("output", "-raw", name);
    }

    private String terraform(String... arguments) {
        List<String> command = new ArrayList<>(List.of("terraform"));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /** What it printed to standard output; a test fails with what it complained of. */
    private String run(String... command) {
        String name = String.join(" ", List.of(command).subList(0, 2));
        try {
            Path complaint = copy.resolve("complaint");
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(copy.toFile()).redirectError(complaint.toFile());
            builder.environment().keySet().removeIf(key -> key.startsWith("AWS_") || key.startsWith("TF_VAR_"));
            builder.environment().putAll(environment);
            builder.environment().put("CHECKPOINT_DISABLE", "1");
            builder.environment().put("TF_IN_AUTOMATION", "1");
            builder.environment().put("TF_CLI_ARGS", "-no-color");
            Path mirror = copy.resolve("terraformrc");
            if (Files.exists(mirror)) {
                builder.environment().put("TF_CLI_CONFIG_FILE", mirror.toString());
            }
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture.delayedExecutor(PATIENCE_MINUTES, TimeUnit.MINUTES)
                    .execute(process::destroy);
            StringBuilder printed = new StringBuilder();
            try (BufferedReader lines = process.inputReader();
                    PrintWriter log = new PrintWriter(
                            Files.newBufferedWriter(this.log, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
                Progress progress = new Progress(name);
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    printed.append(printed.isEmpty() ? "" : "\n").append(line);
                    log.println(line);
                    log.flush();
                    progress.read(line);
                }
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError(
                        name + " ended with " + status + ", see " + log + ":\n" + Files.readString(complaint));
            }
            return printed.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Tells of every twentieth object that is done, and of every wait. */
    private static final class Progress {

        private static final int STEP = 20;

        private final String name;
        private int planned;
        private int done;

        Progress(String name) {
            this.name = name;
        }

        void read(String line) {
            Matcher plan = PLANNED.matcher(line);
            if (plan.find()) {
                planned = Integer.parseInt(plan.group(1))
                        + Integer.parseInt(plan.group(2))
                        + Integer.parseInt(plan.group(3));
            } else if (DONE.matcher(line).find() && (++done % STEP == 0 || done == planned)) {
                System.out.println(name + ": " + done + " of " + planned);
            } else if (line.contains(": Still ")) {
                // The apply of a saved plan does not say how much there is to do.
                System.out.println(name + ": " + (planned == 0 ? "" : done + " of " + planned + ", ") + line);
            }
        }
    }
}
