package io.parley.local.meter;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.dynamodb.DynamoDbService;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import io.parley.local.gateway.GatewayMetrics;
import io.parley.local.gateway.GatewayMetrics.Counter;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what AWS would charge for at the edge port, at the gateway and in functions, by names that say what and in which unit. Safe for
 * threads. A call counts when it comes, also one that is then refused.
 */
public final class UsageMeter {

    /** Of a put record: what has begun is charged. The page "Amazon Kinesis Data Streams pricing". */
    private static final int PUT_UNIT_BYTES = 25 * 1024;
    /** Of an event. The page "Amazon EventBridge pricing". */
    private static final int EVENT_UNIT_BYTES = 64 * 1024;

    private static final String CALLS = "calls.";
    private static final String INVOCATIONS = "invocations.";
    private static final String BILLED_MS = "billedMs.";

    public static final String KINESIS_PUT_UNITS = "kinesis.putUnits";
    public static final String KINESIS_BYTES = "kinesis.bytes";
    public static final String EVENTS = "events.published";
    public static final String S3_PUTS = "s3.puts";
    public static final String S3_GETS = "s3.gets";
    public static final String S3_BYTES = "s3.bytesIn";

    public static final String MESSAGES_IN = "gateway.messagesIn";
    public static final String POSTS = "gateway.posts";
    public static final String BYTES_OUT = "gateway.bytesOut";
    /** Open now. */
    public static final String CONNECTIONS = "gateway.connections";

    public static final String DYNAMODB_READ_UNITS = "dynamodb.readUnits";
    public static final String DYNAMODB_WRITE_UNITS = "dynamodb.writeUnits";

    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

    /** Calls of an operation, such as {@code kms} {@code GenerateDataKey}. */
    public static String calls(String service, String operation) {
        return CALLS + service + '.' + operation;
    }

    public static String invocations(String function) {
        return INVOCATIONS + function;
    }

    /** A function's run time, each invocation rounded up to a whole millisecond as Lambda does. */
    public static String billedMs(String function) {
        return BILLED_MS + function;
    }

    /** The same service, counted. */
    public EdgeService metered(EdgeService service) {
        return new Metered(service);
    }

    public void invoked(String function, long nanos) {
        add(invocations(function), 1);
        add(billedMs(function), (nanos + 999_999) / TimeUnit.MILLISECONDS.toNanos(1));
    }

    /** All that has been counted so far, by name, with what these two count themselves; what never came is not in it. */
    public Map<String, Double> read(GatewayMetrics gateway, DynamoDbService dynamoDb) {
        Map<String, Double> values = new TreeMap<>();
        counters.forEach((name, count) -> values.put(name, (double) count.sum()));
        values.put(MESSAGES_IN, (double) gateway.value(Counter.MESSAGES_IN));
        values.put(POSTS, (double) gateway.value(Counter.POSTS_SENT));
        values.put(BYTES_OUT, (double) gateway.value(Counter.BYTES_OUT));
        values.put(CONNECTIONS, (double) gateway.open());
        values.put(DYNAMODB_READ_UNITS, dynamoDb.readUnits());
        values.put(DYNAMODB_WRITE_UNITS, dynamoDb.writeUnits());
        return values;
    }

    private void add(String name, long amount) {
        counters.computeIfAbsent(name, ignored -> new LongAdder()).add(amount);
    }

    private void count(EdgeRequest request, String service) {
        switch (service) {
            case "s3" -> countObject(request);
            case "execute-api", "lambda" ->
                add(calls(service, request.http().method().name()), 1);
            default -> add(calls(service, request.operation()), 1);
        }
        switch (request.operation()) {
            case "PutRecord" -> countRecord(request.tree().path("Data"));
            case "PutRecords" -> request.tree().path("Records").forEach(each -> countRecord(each.path("Data")));
            case "PutEvents" ->
                request.tree()
                        .path("Entries")
                        .forEach(each -> add(EVENTS, units(each.toString().length(), EVENT_UNIT_BYTES)));
            default -> {}
        }
    }

    /** S3 charges by kind of request: what writes or lists is dear, what reads is cheap, and DELETE is free. */
    private void countObject(EdgeRequest request) {
        HttpMethod method = request.http().method();
        add(calls("s3", method.name()), 1);
        boolean ofBucket = request.http().path().indexOf('/', 1) < 0;
        if (method == HttpMethod.PUT || method == HttpMethod.POST || (method == HttpMethod.GET && ofBucket)) {
            add(S3_PUTS, 1);
            add(S3_BYTES, request.body().length());
        } else if (method == HttpMethod.GET || method == HttpMethod.HEAD) {
            add(S3_GETS, 1);
        }
    }

    private void countRecord(JsonNode data) {
        // In JSON the bytes are base64, in CBOR they are themselves.
        int bytes = data.isBinary() ? binaryLength(data) : data.asText().length() * 3 / 4;
        add(KINESIS_PUT_UNITS, units(bytes, PUT_UNIT_BYTES));
        add(KINESIS_BYTES, bytes);
    }

    private static int binaryLength(JsonNode data) {
        try {
            return data.binaryValue().length;
        } catch (IOException e) {
            throw new IllegalStateException("a binary node has bytes", e);
        }
    }

    private static long units(int bytes, int each) {
        return Math.max(1, (bytes + each - 1) / each);
    }

    private final class Metered implements EdgeService {

        private final EdgeService service;

        Metered(EdgeService service) {
            this.service = service;
        }

        @Override
        public String signingName() {
            return service.signingName();
        }

        @Override
        public void handle(EdgeRequest request) {
            count(request, signingName());
            service.handle(request);
        }

        @Override
        public void fail(EdgeRequest request, AwsException error) {
            service.fail(request, error);
        }
    }
}
