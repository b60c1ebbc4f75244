package io.parley.local.deployed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkSystemSetting;

/**
 * Parley as {@code terraform apply} deploys its root module and its deploy jars, on an emulator of its own. It takes
 * one to two minutes, so tests share one.
 */
public final class DeployedParley implements AutoCloseable {

    static final List<String> JARS = List.of("ingest-lambdas", "broadcast-lambda", "flink-job");

    // The SDK's Kinesis client speaks CBOR, which moto does not.
    private static final String CBOR = SdkSystemSetting.CBOR_ENABLED.property();

    private static final Path ROOT =
            Path.of(System.getProperty("parley.root", "..")).toAbsolutePath().normalize();
    private static final Path PLACE = ROOT.resolve("local-stack/target/deployed");

    private final Emulator emulator;
    private final Terraform terraform;
    private final Map<String, Object> variables;

    private DeployedParley(Emulator emulator, Terraform terraform, Map<String, Object> variables) {
        this.emulator = emulator;
        this.terraform = terraform;
        this.variables = variables;
    }

    /** Applies with these variables of the root module, besides region and jars. */
    public static DeployedParley apply(Map<String, ?> variables) {
        Terraform.require();
        Emulator.require();
        Map<String, Object> all = new LinkedHashMap<>(variables);
        all.put("region", Emulator.REGION);
        all.put("artifacts_dir", artifacts().toString());
        System.setProperty(CBOR, "false");
        Emulator emulator =
                Emulator.start(ROOT.resolve("terraform/emulator/emulator.py"), PLACE.resolve("emulator.log"));
        try {
            Terraform terraform = new Terraform(ROOT.resolve("terraform"), PLACE, emulator.environment());
            terraform.set(all);
            terraform.apply();
            return new DeployedParley(emulator, terraform, all);
        } catch (RuntimeException | Error e) {
            emulator.close();
            System.clearProperty(CBOR);
            throw e;
        }
    }

    /** The jars under the names that the root module looks for. */
    private static Path artifacts() {
        Path folder = artifact("").getParent();
        try {
            Files.createDirectories(folder);
            for (String name : JARS) {
                Path built = ROOT.resolve(name).resolve("target");
                try (var found = Files.newDirectoryStream(built, name + "-*-deploy.jar")) {
                    var jars = found.iterator();
                    if (!jars.hasNext()) {
                        throw new IllegalStateException("there is no deploy jar in " + built
                                + ": build without -Dmaven.shade.skip, the deployed functions are run");
                    }
                    Files.copy(jars.next(), folder.resolve(name + ".jar"), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    /** The jar of a name of {@link #JARS} as it was given to Terraform. */
    static Path artifact(String name) {
        return PLACE.resolve("artifacts").resolve(name + ".jar");
    }

    public Emulator emulator() {
        return emulator;
    }

    public Terraform terraform() {
        return terraform;
    }

    /** Has Terraform know other variables beside those it was applied with; nothing is applied by that. */
    public void change(Map<String, ?> changed) {
        variables.putAll(changed);
        terraform.set(variables);
    }

    public String output(String name) {
        return terraform.output(name);
    }

    @Override
    public void close() {
        emulator.close();
        System.clearProperty(CBOR);
    }
}
