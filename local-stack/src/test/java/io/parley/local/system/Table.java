package io.parley.local.system;

import io.parley.local.stack.LocalStack;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The connections table, read item by item as somebody with access to it would. */
final class Table {

    private Table() {}

    /** The items of a room, by their sort key. */
    static Map<String, Map<String, AttributeValue>> room(LocalStack stack, String room) throws Exception {
        return all(stack).stream()
                .filter(item -> item.get("pk").s().equals("ROOM#" + room))
                .collect(Collectors.toMap(item -> item.get("sk").s(), item -> item));
    }

    /** All items; of as many as one answer holds. */
    static List<Map<String, AttributeValue>> all(LocalStack stack) throws Exception {
        try (DynamoDbAsyncClient dynamoDb = DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(stack.credentials().edge()))
                .region(Region.of(LocalStack.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build()) {
            return dynamoDb.scan(scan -> scan.tableName(LocalStack.TABLE).consistentRead(true))
                    .get(30, TimeUnit.SECONDS)
                    .items();
        }
    }
}
