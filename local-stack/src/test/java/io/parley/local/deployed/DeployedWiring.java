package io.parley.local.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.apigateway.ApiGatewayClient;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.apigatewayv2.model.Api;
import software.amazon.awssdk.services.apigatewayv2.model.GetAuthorizerResponse;
import software.amazon.awssdk.services.apigatewayv2.model.Integration;
import software.amazon.awssdk.services.apigatewayv2.model.Route;
import software.amazon.awssdk.services.apigatewayv2.model.Stage;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ExplicitAuthFlowsType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.GroupType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolClientType;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.SSEStatus;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.SnapStartApplyOn;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** What Terraform made is there and hangs together, read back as any user of AWS would. */
abstract class DeployedWiring {

    private static final Pattern ALIAS = Pattern.compile("function:([a-z-]+):live");

    private final DeployedParley parley = TerraformApplyITCase.parley();
    private final Emulator emulator = parley.emulator();
    private final ApiGatewayV2Client gateway = emulator.client(ApiGatewayV2Client.builder());
    private final LambdaClient lambda = emulator.client(LambdaClient.builder());

    private Api api() {
        return gateway.getApis(request -> {}).items().stream()
                .reduce((one, other) -> {
                    throw new AssertionError("more than one API");
                })
                .orElseThrow();
    }

    /** The version that the alias which an address of an invocation names stands for. */
    private GetFunctionConfigurationResponse invoked(String address) {
        Matcher alias = ALIAS.matcher(address);
        assertThat(alias.find()).as(address + " names an alias").isTrue();
        String version = lambda.getAlias(
                        request -> request.functionName(alias.group(1)).name("live"))
                .functionVersion();
        assertThat(version).isNotEqualTo("$LATEST");
        return lambda.getFunctionConfiguration(
                request -> request.functionName(alias.group(1)).qualifier(version));
    }

    private GetAuthorizerResponse authorizer() {
        String id = api().apiId();
        String authorizer = gateway.getRoutes(request -> request.apiId(id)).items().stream()
                .filter(route -> route.routeKey().equals("$connect"))
                .findFirst()
                .orElseThrow()
                .authorizerId();
        return gateway.getAuthorizer(request -> request.apiId(id).authorizerId(authorizer));
    }

    private List<FunctionConfiguration> functions() {
        return lambda.listFunctions().functions();
    }

    private Map<String, String> environment(String function) {
        return lambda.getFunctionConfiguration(request -> request.functionName("parley-prod-" + function))
                .environment()
                .variables();
    }

    @Test
    void everyRouteLeadsToThePublishedVersionOfItsHandler() {
        String id = api().apiId();
        Map<String, String> addresses = new HashMap<>();
        for (Integration integration :
                gateway.getIntegrations(request -> request.apiId(id)).items()) {
            addresses.put("integrations/" + integration.integrationId(), integration.integrationUri());
        }
        Map<String, String> handlers = new HashMap<>();
        for (Route route : gateway.getRoutes(request -> request.apiId(id)).items()) {
            handlers.put(
                    route.routeKey(), invoked(addresses.get(route.target())).handler());
        }

        String message = "io.parley.ingest.MessageHandler";
        String audio = "io.parley.ingest.AudioHandler";
        assertThat(handlers)
                .isEqualTo(Map.of(
                        "$connect", "io.parley.ingest.ConnectHandler",
                        "$disconnect", "io.parley.ingest.DisconnectHandler",
                        "$default", message,
                        "join", message,
                        "leave", message,
                        "ping", message,
                        "probe", message,
                        "sendaudio", audio,
                        "audio", audio));
    }

    @Test
    void theGatewayMayInvokeEveryFunctionOfARouteForThatRouteAlone() {
        String id = api().apiId();
        Set<String> allowed = new HashSet<>();
        for (String function : List.of("connect", "disconnect", "message", "audio", "authorizer")) {
            String policy = lambda.getPolicy(request ->
                            request.functionName("parley-prod-" + function).qualifier("live"))
                    .policy();
            Matcher source = Pattern.compile(id + "/([^\"]+)\"").matcher(policy);
            while (source.find()) {
                allowed.add(function + " " + source.group(1));
            }
        }

        assertThat(allowed)
                .containsExactlyInAnyOrder(
                        "connect prod/$connect",
                        "disconnect prod/$disconnect",
                        "message prod/$default",
                        "message prod/join",
                        "message prod/leave",
                        "message prod/ping",
                        "message prod/probe",
                        "audio prod/sendaudio",
                        "audio prod/audio",
                        "authorizer authorizers/" + authorizer().authorizerId());
    }

    @Test
    void connectingTakesTheApiKeyAndAnAuthorizerThatIsAskedEachTime() {
        String id = api().apiId();
        assertThat(api().apiKeySelectionExpression()).isEqualTo("$context.authorizer.usageIdentifierKey");
        GetAuthorizerResponse authorizer = authorizer();
        assertThat(authorizer.identitySource()).isEmpty();
        assertThat(invoked(authorizer.authorizerUri()).handler()).isEqualTo("io.parley.ingest.AuthorizerHandler");
        for (Route route : gateway.getRoutes(request -> request.apiId(id)).items()) {
            boolean connect = route.routeKey().equals("$connect");
            assertThat(route.apiKeyRequired()).as(route.routeKey()).isEqualTo(connect);
            assertThat(route.authorizerId()).as(route.routeKey()).isEqualTo(connect ? authorizer.authorizerId() : null);
        }
    }

    @Test
    void theStageServesTheDeploymentWithThrottlesAndALogWithoutTokens() {
        String id = api().apiId();
        Stage stage = gateway.getStages(request -> request.apiId(id)).items().get(0);

        assertThat(stage.stageName()).isEqualTo("prod");
        assertThat(gateway.getDeployments(request -> request.apiId(id)).items())
                .singleElement()
                .satisfies(deployment -> assertThat(deployment.deploymentId()).isEqualTo(stage.deploymentId()));
        assertThat(stage.defaultRouteSettings().dataTraceEnabled()).isFalse();
        assertThat(stage.defaultRouteSettings().throttlingRateLimit()).isEqualTo(200);
        assertThat(stage.routeSettings()).containsOnlyKeys("$connect", "sendaudio", "audio");
        assertThat(stage.routeSettings().get("sendaudio").throttlingRateLimit()).isEqualTo(1000);
        assertThat(stage.accessLogSettings().destinationArn()).contains(":log-group:/aws/apigateway/parley-prod");
        assertThat(stage.accessLogSettings().format()).doesNotContain("header", "querystring", "Token");
    }

    @Test
    void theKeyOfTheUsagePlanOpensTheStage() {
        ApiGatewayClient keys = emulator.client(ApiGatewayClient.builder());
        var plan = keys.getUsagePlans().items().get(0);

        assertThat(plan.apiStages()).singleElement().satisfies(stage -> {
            assertThat(stage.apiId()).isEqualTo(api().apiId());
            assertThat(stage.stage()).isEqualTo("prod");
        });
        String id = keys.getUsagePlanKeys(request -> request.usagePlanId(plan.id()))
                .items()
                .get(0)
                .id();
        assertThat(keys.getApiKey(request -> request.apiKey(id).includeValue(true))
                        .value())
                .isEqualTo(parley.output("api_key"));
    }

    @Test
    void everyFunctionIsItsJarOnJavaAndArmWithARoleOfItsOwn() throws Exception {
        Map<String, String> digests = new HashMap<>();
        for (String jar : DeployedParley.JARS) {
            digests.put(jar, digest(DeployedParley.artifact(jar)));
        }

        assertThat(functions())
                .extracting(FunctionConfiguration::functionName)
                .containsExactlyInAnyOrder(
                        "parley-prod-authorizer",
                        "parley-prod-connect",
                        "parley-prod-disconnect",
                        "parley-prod-message",
                        "parley-prod-audio",
                        "parley-prod-operator",
                        "parley-prod-broadcast");
        assertThat(functions()).extracting(FunctionConfiguration::role).doesNotHaveDuplicates();
        assertThat(functions()).allSatisfy(function -> {
            boolean broadcast = function.functionName().endsWith("broadcast");
            boolean operator = function.functionName().endsWith("operator");
            assertThat(function.runtimeAsString()).isEqualTo("java21");
            assertThat(function.architectures()).containsExactly(Architecture.ARM64);
            assertThat(function.codeSha256()).isEqualTo(digests.get(broadcast ? "broadcast-lambda" : "ingest-lambdas"));
            assertThat(function.loggingConfig().logFormatAsString()).isEqualTo("JSON");
            assertThat(function.loggingConfig().logGroup()).isEqualTo("/aws/lambda/" + function.functionName());
            assertThat(function.snapStart().applyOn())
                    .isEqualTo(operator ? SnapStartApplyOn.NONE : SnapStartApplyOn.PUBLISHED_VERSIONS);
        });
    }

    private static String digest(Path file) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void theRoleOfEveryFunctionHasItsPolicyAndNoOther() {
        IamClient iam = emulator.client(IamClient.builder());
        for (FunctionConfiguration function : functions()) {
            String role = function.role().substring(function.role().lastIndexOf('/') + 1);
            assertThat(iam.listRolePolicies(request -> request.roleName(role)).policyNames())
                    .containsExactly("needs");
            assertThat(iam.listAttachedRolePolicies(request -> request.roleName(role))
                            .attachedPolicies())
                    .isEmpty();
        }
    }

    @Test
    void theFunctionsAreToldOfWhatWasMadeBesideThem() {
        Map<String, String> audio = environment("audio");

        assertThat(audio)
                .containsEntry("CONNECTIONS_TABLE", "parley-prod-connections")
                .containsEntry("VOICE_STREAM", parley.output("voice_stream"))
                .containsEntry("AUDIO_BUCKET", parley.output("audio_bucket"))
                .containsEntry("EVENT_BUS_NAME", parley.output("event_bus"))
                .containsEntry("TOKEN_CLIENT_ID", parley.output("user_pool_client_id"))
                .containsEntry("CALLBACK_URL", parley.output("websocket_url").replace("wss:", "https:"));
        assertThat(audio.get("TOKEN_ISSUER")).endsWith("/" + parley.output("user_pool_id"));
        assertThat(environment("broadcast"))
                .containsEntry("CONNECTIONS_TABLE", "parley-prod-connections")
                .containsEntry("VOICE_STREAM", parley.output("voice_stream"))
                .containsEntry("CALLBACK_URL", audio.get("CALLBACK_URL"));
    }

    @Test
    void noEnvironmentHoldsTheApiKey() {
        String key = parley.output("api_key");
        assertThat(key).isNotBlank();
        assertThat(functions())
                .allSatisfy(function -> assertThat(
                                function.environment().variables().values())
                        .noneMatch(value -> value.contains(key)));
    }

    @Test
    void whatTheOperatorsFunctionFailsAtIsKept() {
        String queue = lambda.getFunctionEventInvokeConfig(
                        request -> request.functionName("parley-prod-operator").qualifier("live"))
                .destinationConfig()
                .onFailure()
                .destination();
        assertThat(queue).isEqualTo(queueArn());
    }

    private String queueArn() {
        SqsClient queues = emulator.client(SqsClient.builder());
        String url = queues.listQueues().queueUrls().get(0);
        return queues.getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
    }

    @Test
    void theStreamIsEncryptedAndHasTheJobsConsumer() {
        KinesisClient kinesis = emulator.client(KinesisClient.builder());
        StreamDescriptionSummary stream = kinesis.describeStreamSummary(
                        request -> request.streamName(parley.output("voice_stream")))
                .streamDescriptionSummary();

        assertThat(stream.encryptionType()).isEqualTo(EncryptionType.KMS);
        assertThat(stream.openShardCount()).isEqualTo(1);
        assertThat(stream.retentionPeriodHours()).isEqualTo(24);
        assertThat(kinesis.listStreamConsumers(request -> request.streamARN(stream.streamARN()))
                        .consumers())
                .singleElement()
                .satisfies(consumer -> assertThat(propertyGroups().get("parley.source"))
                        .containsEntry("stream.name", stream.streamName())
                        .containsEntry("stream.reader", "efo")
                        .containsEntry("stream.consumer-arn", consumer.consumerARN()));
        assertThat(emulator.client(KmsClient.builder())
                        .getKeyRotationStatus(request -> request.keyId(stream.keyId()))
                        .keyRotationEnabled())
                .isTrue();
    }

    private JsonNode application() {
        return emulator.flink("DescribeApplication", Map.of("ApplicationName", parley.output("flink_application")))
                .path("ApplicationDetail");
    }

    private Map<String, Map<String, String>> propertyGroups() {
        Map<String, Map<String, String>> groups = new HashMap<>();
        for (JsonNode group : application()
                .path("ApplicationConfigurationDescription")
                .path("EnvironmentPropertyDescriptions")
                .path("PropertyGroupDescriptions")) {
            Map<String, String> properties = new HashMap<>();
            group.path("PropertyMap")
                    .fields()
                    .forEachRemaining(property -> properties.put(
                            property.getKey(), property.getValue().asText()));
            groups.put(group.path("PropertyGroupId").asText(), properties);
        }
        return groups;
    }

    @Test
    void theJobRunsItsJarAndIsToldOfWhatWasMadeBesideIt() {
        JsonNode configuration = application().path("ApplicationConfigurationDescription");
        JsonNode code = configuration.findPath("S3ApplicationCodeLocationDescription");

        assertThat(application().path("ApplicationStatus").asText()).isEqualTo("RUNNING");
        assertThat(application().path("RuntimeEnvironment").asText()).isEqualTo("FLINK-1_20");
        assertThat(emulator.client(S3Client.builder())
                        .headObject(request -> request.bucket(
                                        code.path("BucketARN").asText().replace("arn:aws:s3:::", ""))
                                .key(code.path("FileKey").asText())
                                .versionId(code.path("ObjectVersion").asText()))
                        .contentLength())
                .isEqualTo(DeployedParley.artifact("flink-job").toFile().length());
        assertThat(configuration.findPath("CheckpointInterval").asInt()).isEqualTo(10_000);
        assertThat(configuration.findPath("AutoScalingEnabled").asBoolean()).isFalse();
        assertThat(configuration.findPath("SnapshotsEnabled").asBoolean()).isTrue();
        assertThat(propertyGroups())
                .containsOnlyKeys(
                        "parley.source",
                        "parley.aws",
                        "parley.rooms",
                        "parley.broadcast",
                        "parley.log",
                        "parley.events",
                        "parley.job");
        assertThat(invoked(propertyGroups().get("parley.broadcast").get("broadcast.function"))
                        .handler())
                .isEqualTo("io.parley.broadcast.BroadcastHandler");
        assertThat(propertyGroups().get("parley.log")).containsEntry("AUDIO_BUCKET", parley.output("audio_bucket"));
        assertThat(propertyGroups().get("parley.events")).containsEntry("EVENT_BUS_NAME", parley.output("event_bus"));
        assertThat(propertyGroups().get("parley.rooms")).containsEntry("room.tick-period-ms", "100");
    }

    @Test
    void theTableExpiresItemsAndCanBeRestored() {
        DynamoDbClient dynamo = emulator.client(DynamoDbClient.builder());
        String name = "parley-prod-connections";
        TableDescription table =
                dynamo.describeTable(request -> request.tableName(name)).table();

        assertThat(table.billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        assertThat(table.sseDescription().status()).isEqualTo(SSEStatus.ENABLED);
        assertThat(table.keySchema()).extracting(key -> key.attributeName()).containsExactly("pk", "sk");
        var ttl = dynamo.describeTimeToLive(request -> request.tableName(name)).timeToLiveDescription();
        assertThat(ttl.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
        assertThat(ttl.attributeName()).isEqualTo("expiresAt");
        assertThat(dynamo.describeContinuousBackups(request -> request.tableName(name))
                        .continuousBackupsDescription()
                        .pointInTimeRecoveryDescription()
                        .pointInTimeRecoveryStatus())
                .isEqualTo(PointInTimeRecoveryStatus.ENABLED);
    }

    @Test
    void recordedVoiceIsEncryptedPrivateAndDeletedInTime() {
        S3Client s3 = emulator.client(S3Client.builder());
        String bucket = parley.output("audio_bucket");
        ServerSideEncryptionRule encryption = s3.getBucketEncryption(request -> request.bucket(bucket))
                .serverSideEncryptionConfiguration()
                .rules()
                .get(0);
        PublicAccessBlockConfiguration closed =
                s3.getPublicAccessBlock(request -> request.bucket(bucket)).publicAccessBlockConfiguration();
        LifecycleRule rule = s3.getBucketLifecycleConfiguration(request -> request.bucket(bucket))
                .rules()
                .get(0);

        assertThat(encryption.applyServerSideEncryptionByDefault().sseAlgorithm())
                .isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(encryption.applyServerSideEncryptionByDefault().kmsMasterKeyID())
                .isEqualTo(environment("audio").get("AUDIO_KEY_ID"));
        assertThat(encryption.bucketKeyEnabled()).isTrue();
        assertThat(List.of(
                        closed.blockPublicAcls(),
                        closed.blockPublicPolicy(),
                        closed.ignorePublicAcls(),
                        closed.restrictPublicBuckets()))
                .containsOnly(true);
        assertThat(rule.expiration().days()).isEqualTo(30);
        assertThat(rule.abortIncompleteMultipartUpload().daysAfterInitiation()).isEqualTo(1);
        assertThat(s3.getBucketPolicy(request -> request.bucket(bucket)).policy())
                .contains("aws:SecureTransport");
    }

    @Test
    void theRuleOfTheBusPutsEventsIntoTheLogAndWhatFailsIntoTheQueue() {
        EventBridgeClient events = emulator.client(EventBridgeClient.builder());
        String bus = parley.output("event_bus");
        var rule = events.describeRule(request -> request.name("send-audio").eventBusName(bus));
        Target target = events.listTargetsByRule(
                        request -> request.rule("send-audio").eventBusName(bus))
                .targets()
                .get(0);

        assertThat(rule.eventPattern()).contains("\"voice-chat\"", "\"SendAudioEvent\"");
        assertThat(target.arn()).endsWith(":log-group:/aws/events/parley-prod");
        assertThat(target.deadLetterConfig().arn()).isEqualTo(queueArn());
        assertThat(target.retryPolicy().maximumRetryAttempts()).isEqualTo(10);
        assertThat(events.describeArchive(request -> request.archiveName("parley-prod-archive"))
                        .eventSourceArn())
                .endsWith(":event-bus/" + bus);
    }

    @Test
    void everyAlarmTellsTheTopicThatTheMailAddressHears() {
        String topic = parley.output("alarm_topic");
        JsonNode alarms = emulator.cloudWatch("DescribeAlarms", Map.of()).path("MetricAlarms");

        assertThat(alarms).hasSizeGreaterThan(20).allSatisfy(alarm -> {
            assertThat(alarm.path("AlarmActions")).extracting(JsonNode::asText).containsExactly(topic);
            assertThat(alarm.path("OKActions")).extracting(JsonNode::asText).containsExactly(topic);
        });
        assertThat(emulator.client(SnsClient.builder())
                        .listSubscriptionsByTopic(request -> request.topicArn(topic))
                        .subscriptions())
                .singleElement()
                .satisfies(subscription ->
                        assertThat(subscription.endpoint()).isEqualTo(TerraformApplyITCase.ALARM_EMAIL));
    }

    @Test
    void logsAreEncryptedAndKeptForSomeTime() {
        List<LogGroup> groups = emulator.client(CloudWatchLogsClient.builder())
                .describeLogGroups()
                .logGroups();

        assertThat(groups).hasSize(10).allSatisfy(group -> {
            assertThat(group.retentionInDays()).isEqualTo(30);
            assertThat(group.kmsKeyId()).contains(":key/");
        });
    }

    @Test
    void thePoolsUsersAreMadeByAnAdministrator() {
        CognitoIdentityProviderClient cognito = emulator.client(CognitoIdentityProviderClient.builder());
        String pool = parley.output("user_pool_id");
        UserPoolClientType client = cognito.describeUserPoolClient(
                        request -> request.userPoolId(pool).clientId(parley.output("user_pool_client_id")))
                .userPoolClient();

        assertThat(cognito.describeUserPool(request -> request.userPoolId(pool))
                        .userPool()
                        .adminCreateUserConfig()
                        .allowAdminCreateUserOnly())
                .isTrue();
        assertThat(client.clientSecret()).isNull();
        assertThat(client.explicitAuthFlows())
                .containsExactlyInAnyOrder(
                        ExplicitAuthFlowsType.ALLOW_USER_PASSWORD_AUTH,
                        ExplicitAuthFlowsType.ALLOW_USER_SRP_AUTH,
                        ExplicitAuthFlowsType.ALLOW_REFRESH_TOKEN_AUTH);
        assertThat(cognito.listGroups(request -> request.userPoolId(pool)).groups())
                .extracting(GroupType::groupName)
                .containsExactlyInAnyOrder("players", "moderators");
    }

    @Test
    void theParametersAreWhereTheOriginalHadThem() {
        Map<String, Parameter> parameters = new HashMap<>();
        for (Parameter parameter : emulator.client(SsmClient.builder())
                .getParametersByPath(request ->
                        request.path("/game-server/prod").recursive(true).withDecryption(true))
                .parameters()) {
            parameters.put(parameter.name().replace("/game-server/prod/", ""), parameter);
        }

        assertThat(parameters)
                .containsOnlyKeys(
                        "cognito/user-pool-id",
                        "cognito/user-pool-client-id",
                        "websocket/api-id",
                        "websocket/stage-url",
                        "websocket/api-key");
        assertThat(parameters.get("cognito/user-pool-id").value()).isEqualTo(parley.output("user_pool_id"));
        assertThat(parameters.get("cognito/user-pool-client-id").value())
                .isEqualTo(parley.output("user_pool_client_id"));
        assertThat(parameters.get("websocket/api-id").value()).isEqualTo(api().apiId());
        assertThat(parameters.get("websocket/stage-url").value()).isEqualTo(parley.output("websocket_url"));
        assertThat(parameters.get("websocket/api-key").type()).isEqualTo(ParameterType.SECURE_STRING);
        assertThat(parameters.get("websocket/api-key").value()).isEqualTo(parley.output("api_key"));
    }
}
