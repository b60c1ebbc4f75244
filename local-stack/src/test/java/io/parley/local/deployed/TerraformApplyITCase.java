package io.parley.local.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import software.amazon.awssdk.services.apigateway.ApiGatewayClient;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBus;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryRequest;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * The life of a deployment: the root module as a user applies it, with the real provider, on the emulator. For what
 * the answering server is our own stand-in is in terraform/emulator/README.md.
 *
 * <p>One apply for all of them, in the order of the nested classes.
 */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class TerraformApplyITCase {

    static final String ALARM_EMAIL = "ops@example.com";

    private static DeployedParley parley;

    /** The deployment of all nested classes, also of those that are written elsewhere. */
    static DeployedParley parley() {
        return parley;
    }

    @BeforeAll
    static void apply() {
        parley = DeployedParley.apply(Map.of(
                "room_policy",
                "open",
                "archive_mode",
                "both",
                "deletion_protection",
                false,
                "alarm_emails",
                List.of(ALARM_EMAIL),
                "monthly_budget_usd",
                100,
                // The fewest, for the test that sends too many.
                "ingest",
                Map.of("max_messages_per_second", 20)));
    }

    @AfterAll
    static void stop() {
        if (parley != null) {
            parley.close();
        }
    }

    @Nested
    @Order(1)
    class AppliedOnce {

        @Test
        void leavesNothingForASecondPlanToChange() {
            assertThat(parley.terraform().plan()).isEmpty();
        }
    }

    @Nested
    @Order(2)
    class Wiring extends DeployedWiring {}

    @Nested
    @Order(3)
    class Handlers extends DeployedHandlers {

        @Override
        Deployment deployment() {
            return new Deployment(parley.emulator(), parley::output);
        }
    }

    @Nested
    @Order(4)
    class AppliedAgain {

        @Test
        void changesParallelismAndShardsInPlace() {
            parley.change(Map.of("flink", Map.of("parallelism", 2), "shard_count", 2));

            assertThat(parley.terraform().plan())
                    .extracting(object -> object.path("address").asText() + " "
                            + object.path("change").path("actions"))
                    .containsExactlyInAnyOrder(
                            "module.flink.aws_kinesisanalyticsv2_application.this [\"update\"]",
                            // It shows rates of the whole job, which are those of a subtask times their number.
                            "module.observability.aws_cloudwatch_dashboard.this [\"update\"]",
                            "module.voice_stream.aws_kinesis_stream.this [\"update\"]");
            parley.terraform().applyPlan();

            JsonNode job = parley.emulator()
                    .flink("DescribeApplication", Map.of("ApplicationName", parley.output("flink_application")));
            assertThat(job.findPath("Parallelism").asInt()).isEqualTo(2);
            assertThat(job.findPath("job.parallelism").asText()).isEqualTo("2");
            assertThat(job.findPath("ApplicationStatus").asText()).isEqualTo("RUNNING");
            assertThat(parley.emulator()
                            .client(KinesisClient.builder())
                            .describeStreamSummary(DescribeStreamSummaryRequest.builder()
                                    .streamName(parley.output("voice_stream"))
                                    .build())
                            .streamDescriptionSummary()
                            .openShardCount())
                    .isEqualTo(2);
        }
    }

    @Nested
    @Order(5)
    class Destroyed {

        @Test
        void leavesNothingBehind() {
            Emulator emulator = parley.emulator();

            parley.terraform().destroy();

            assertThat(parley.terraform().state()).isEmpty();
            assertThat(emulator.client(ApiGatewayV2Client.builder())
                            .getApis(request -> {})
                            .items())
                    .isEmpty();
            ApiGatewayClient keys = emulator.client(ApiGatewayClient.builder());
            assertThat(keys.getApiKeys().items()).isEmpty();
            assertThat(keys.getUsagePlans().items()).isEmpty();
            assertThat(emulator.client(LambdaClient.builder()).listFunctions().functions())
                    .isEmpty();
            assertThat(emulator.client(KinesisClient.builder()).listStreams().streamNames())
                    .isEmpty();
            assertThat(emulator.flink("ListApplications", Map.of()).path("ApplicationSummaries"))
                    .isEmpty();
            assertThat(emulator.client(DynamoDbClient.builder()).listTables().tableNames())
                    .isEmpty();
            assertThat(emulator.client(S3Client.builder()).listBuckets().buckets())
                    .isEmpty();
            EventBridgeClient events = emulator.client(EventBridgeClient.builder());
            assertThat(events.listEventBuses(request -> {}).eventBuses())
                    .extracting(EventBus::name)
                    .containsExactly("default");
            assertThat(events.listArchives(request -> {}).archives()).isEmpty();
            assertThat(emulator.client(SqsClient.builder()).listQueues().queueUrls())
                    .isEmpty();
            assertThat(emulator.client(SnsClient.builder()).listTopics().topics())
                    .isEmpty();
            assertThat(emulator.cloudWatch("DescribeAlarms", Map.of()).path("MetricAlarms"))
                    .isEmpty();
            assertThat(emulator.cloudWatch("ListDashboards", Map.of()).path("DashboardEntries"))
                    .isEmpty();
            CloudWatchLogsClient logs = emulator.client(CloudWatchLogsClient.builder());
            assertThat(logs.describeLogGroups().logGroups()).isEmpty();
            assertThat(logs.describeResourcePolicies(request -> {}).resourcePolicies())
                    .isEmpty();
            assertThat(emulator.client(CognitoIdentityProviderClient.builder())
                            .listUserPools(request -> request.maxResults(10))
                            .userPools())
                    .isEmpty();
            assertThat(emulator.client(SsmClient.builder()).describeParameters().parameters())
                    .isEmpty();
            assertThat(emulator.client(IamClient.builder()).listRoles().roles()).isEmpty();
            assertThat(keysOfOurs(emulator.client(KmsClient.builder())))
                    .as("AWS keeps a key for the days in which its deletion can be taken back")
                    .hasSizeGreaterThan(1)
                    .extracting(KeyMetadata::keyState)
                    .containsOnly(KeyState.PENDING_DELETION);
        }

        /** Without those that services make for themselves. */
        private List<KeyMetadata> keysOfOurs(KmsClient kms) {
            List<AliasListEntry> aliases = kms.listAliases().aliases();
            assertThat(aliases)
                    .allSatisfy(alias -> assertThat(alias.aliasName()).startsWith("alias/aws/"));
            List<String> ofServices =
                    aliases.stream().map(AliasListEntry::targetKeyId).toList();
            return kms.listKeys().keys().stream()
                    .map(key -> kms.describeKey(request -> request.keyId(key.keyId()))
                            .keyMetadata())
                    .filter(key -> !ofServices.contains(key.keyId()))
                    .toList();
        }
    }
}
