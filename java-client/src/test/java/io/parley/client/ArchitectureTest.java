package io.parley.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.parley.client", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule usesTheCoreTheJdkAndJacksonOnly = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.parley.client..",
                    "io.parley.core..",
                    "java..",
                    "com.fasterxml.jackson..",
                    "com.google.protobuf..");

    @ArchTest
    static final ArchRule onlyOneClassKnowsTheJdksWebSocket = noClasses()
            .that()
            .doNotHaveSimpleName("JdkTransport")
            .and()
            .haveSimpleNameNotStartingWith("JdkSocket")
            .and()
            .haveSimpleNameNotStartingWith("Assembler")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.net.http.WebSocket");

    @ArchTest
    static final ArchRule timeIsPassedIn = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now");

    @ArchTest
    static final ArchRule onlyTheClientItselfReadsTheSystemsClock =
            noClasses().that().doNotHaveSimpleName("VoiceClient").should().callMethod(Clock.class, "systemUTC");
}
