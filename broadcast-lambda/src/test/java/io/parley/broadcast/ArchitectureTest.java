package io.parley.broadcast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.parley.broadcast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule usesTheCoreItsAdaptersAndLittleElse = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.parley.broadcast..",
                    "io.parley.core..",
                    "io.parley.aws..",
                    "java..",
                    "com.fasterxml.jackson..",
                    "com.google.protobuf..",
                    "com.amazonaws.services.lambda.runtime..",
                    "org.slf4j..");

    @ArchTest
    static final ArchRule onlyTheHandlerKnowsTheAdapters = noClasses()
            .that()
            .doNotHaveSimpleName("BroadcastHandler")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.parley.aws..");

    @ArchTest
    static final ArchRule timeIsPassedIn = noClasses()
            .that()
            .doNotHaveSimpleName("BroadcastHandler")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC");
}
