package io.parley.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.SystemOptions;
import java.io.File;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** What Managed Service for Apache Flink would be given. */
class DeployJarITCase {

    private static final Path JAR = Path.of(System.getProperty("parley.deploy.jar", "target/none"));
    private static final int JAVA_11 = 55;

    /** Flink's own packages that a job brings along; all others are the cluster's. */
    private static final String BROUGHT =
            "org/apache/flink/(connector/(base|aws|kinesis)|streaming/connectors/kinesis|kinesis/shaded)/.*";

    @Test
    void isSmallEnoughAndNamesItsMainClass() throws Exception {
        // The service takes 512 MB; the aim keeps uploads and restarts quick.
        assertThat(Files.size(JAR)).isLessThan(60_000_000);
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo(VoiceJob.class.getName());
        }
    }

    @Test
    void holdsNothingThatTheClusterBringsAndNoNativeProducer() throws Exception {
        List<String> names = classesAndResources();
        assertThat(names.stream().filter(name -> name.startsWith("org/apache/flink/") && name.endsWith(".class")))
                .allMatch(name -> name.matches(BROUGHT));
        assertThat(names)
                .noneMatch(name -> name.startsWith("amazon-kinesis-producer-native-binaries/") && !name.endsWith("/"))
                .noneMatch(name -> name.startsWith("org/slf4j/"))
                .noneMatch(name -> name.startsWith("org/apache/logging/"))
                .noneMatch(name -> name.startsWith("org/junit/"));
    }

    @Test
    void holdsClassesForJava11Only() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (JarEntry entry : jar.stream().collect(Collectors.toList())) {
                if (entry.getName().startsWith("io/parley/") && entry.getName().endsWith(".class")) {
                    try (InputStream bytes = jar.getInputStream(entry)) {
                        byte[] head = bytes.readNBytes(8);
                        assertThat(head[6] << 8 | head[7]).as(entry.getName()).isLessThanOrEqualTo(JAVA_11);
                    }
                }
            }
        }
    }

    @Test
    void buildsTheGraphAndOpensItsPortsWithNothingButFlinkBesideIt() throws Exception {
        Map<String, Properties> groups = new Settings()
                .with(SystemOptions.ARCHIVE_MODE, "both")
                .with(JobOptions.AUDIO_BUCKET, "bucket")
                .with(JobOptions.AUDIO_KEY_ID, "key")
                .with(JobOptions.ACCESS_KEY_ID, "id")
                .with(JobOptions.SECRET_ACCESS_KEY, "secret")
                .groups();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader jar = new URLClassLoader(new URL[] {JAR.toUri().toURL()}, new FlinkOnly(before))) {
            thread.setContextClassLoader(jar);
            Class<?> optionsType = jar.loadClass(JobOptions.class.getName());
            assertThat(optionsType).isNotEqualTo(JobOptions.class);
            Object options = optionsType.getMethod("of", Map.class).invoke(null, groups);
            StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
            jar.loadClass(VoiceJob.class.getName())
                    .getMethod("define", StreamExecutionEnvironment.class, optionsType)
                    .invoke(null, environment, options);
            assertThat(environment.getStreamGraph().getJobGraph().getNumberOfVertices())
                    .isPositive();

            Constructor<?> constructor =
                    jar.loadClass(AwsJobPorts.class.getName()).getDeclaredConstructor(optionsType, Clock.class);
            constructor.setAccessible(true);
            Object ports = constructor.newInstance(options, Clock.systemUTC());
            for (Method method : jar.loadClass(JobPorts.class.getName()).getMethods()) {
                if (method.getName().startsWith("open")) {
                    method.setAccessible(true);
                    assertThat(method.invoke(ports)).as(method.getName()).isNotNull();
                }
            }
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static List<String> classesAndResources() throws Exception {
        try (JarFile jar = new JarFile(new File(JAR.toString()))) {
            return jar.stream().map(JarEntry::getName).collect(Collectors.toList());
        }
    }

    /** What a job sees of its cluster: the JDK, Flink without connectors, and logging. */
    private static final class FlinkOnly extends ClassLoader {
        private final ClassLoader everything;

        FlinkOnly(ClassLoader everything) {
            super(ClassLoader.getPlatformClassLoader());
            this.everything = everything;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            boolean flink = name.startsWith("org.apache.flink.")
                    && !name.replace('.', '/').matches(BROUGHT);
            if (flink || name.startsWith("org.slf4j.") || name.startsWith("com.esotericsoftware.kryo.")) {
                return everything.loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
