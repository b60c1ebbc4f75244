package io.parley.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.parley.job.source.KinesisSourceFactory;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.parley.job", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule seesAwsThroughPortsOnly =
            noClasses().should().dependOnClassesThat().resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule makesAdaptersInOnePlace = noClasses()
            .that()
            .doNotHaveSimpleName("AwsJobPorts")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.parley.aws..");

    @ArchTest
    static final ArchRule knowsTheConnectorInOnePlace = noClasses()
            .that()
            .doNotBelongToAnyOf(KinesisSourceFactory.class)
            .and()
            .doNotHaveSimpleName("ShardRecordSchema")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink.streaming.connectors.kinesis..");

    @ArchTest
    static final ArchRule readsNoClockButInTheEntryPoint = noClasses()
            .that()
            .doNotBelongToAnyOf(VoiceJob.class)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC");

    @ArchTest
    static final ArchRule dependsOnTheCoreAndTheAdaptersOnly = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.parley.local..", "io.parley.ingest..", "io.parley.broadcast..", "io.parley.client..");

    @ArchTest
    static final ArchRule ordersWithoutKnowingTheSinks = noClasses()
            .that()
            .resideInAPackage("io.parley.job.room..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.parley.job.live..", "io.parley.job.log..", "io.parley.job.source..");
}
