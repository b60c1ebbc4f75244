package io.parley.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** Rules that only the module sees that sees all others. */
@AnalyzeClasses(packages = "io.parley", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule nothingDependsOnTheLocalStack = noClasses()
            .that()
            .resideOutsideOfPackage("io.parley.local..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.parley.local..");

    @ArchTest
    static final ArchRule theAwsSdkStaysBehindItsAdapters = noClasses()
            .that()
            .resideOutsideOfPackages("io.parley.aws..", "io.parley..aws..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..");

    /** The operator's page reads the counters of all programs. */
    @ArchTest
    static final ArchRule endpointsDoNotKnowWhatTheyServe = noClasses()
            .that()
            .resideInAPackage("io.parley.local..")
            .and()
            .resideOutsideOfPackages(
                    "io.parley.local.stack..",
                    "io.parley.local.demo..",
                    "io.parley.local.cli..",
                    "io.parley.local.ops..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.parley.ingest..",
                    "io.parley.broadcast..",
                    "io.parley.job..",
                    "io.parley.local.stack..",
                    "io.parley.local.demo..",
                    "io.parley.local.cli..");

    /** What takes the wall clock: the stack, the demo, those who speak to a deployment, and the commands. */
    @ArchTest
    static final ArchRule timeIsPassedIn = noClasses()
            .that()
            .resideInAPackage("io.parley.local..")
            .and()
            .haveNameNotMatching(
                    "io\\.parley\\.local\\."
                            + "(stack\\.LocalStack|demo\\.Demo|conformance\\.Speech|cli\\.\\w+Command|cli\\.ClientArguments)(\\$.*)?")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone");
}
