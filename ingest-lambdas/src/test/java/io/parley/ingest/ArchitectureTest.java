package io.parley.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.parley.ingest", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule usesTheCoreItsAdaptersAndLittleElse = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.parley.ingest..",
                    "io.parley.core..",
                    "io.parley.aws..",
                    "java..",
                    "com.fasterxml.jackson.core..",
                    "com.google.protobuf..",
                    "com.nimbusds..",
                    "com.amazonaws.services.lambda.runtime..",
                    "org.slf4j..");

    @ArchTest
    static final ArchRule onlyTheCompositionKnowsTheAdapters = noClasses()
            .that()
            .doNotHaveSimpleName("IngestParts")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.parley.aws..");

    @ArchTest
    static final ArchRule onlyTheVerifiersKnowTokens = noClasses()
            .that()
            .doNotHaveSimpleName("TokenVerifier")
            .and()
            .doNotHaveSimpleName("TicketVerifier")
            .and()
            .doNotHaveSimpleName("VerificationKeys")
            .and()
            .doNotHaveSimpleName("SignedTokens")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.nimbusds..");

    @ArchTest
    static final ArchRule onlyHandlersKnowTheGatewaysEvents = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Handler")
            .and()
            .doNotHaveSimpleName("GatewayResponse")
            .and()
            .doNotHaveSimpleName("Sender")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.amazonaws..");

    @ArchTest
    static final ArchRule timeIsPassedIn = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Handler")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC");
}
