package io.parley.local.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The part of DynamoDB that a connection registry uses, in memory: tables with global secondary indexes and TTL, items,
 * Query, Scan, batches and transactions, all with expressions. Everything else (local indexes, streams, PartiQL, parallel
 * Scan, the parameters from before there were expressions such as {@code Expected}) is refused with a ValidationException
 * that names it.
 *
 * <p>Errors have the form and, where known, the words of AWS. Different from AWS: calls run one after the other, so that
 * all reads, those of indexes included, are consistent and no transaction conflicts; nothing is throttled, what calls take
 * is counted but ConsumedCapacity is not answered; tables are active at once.
 *
 * <p>Thread-safe: one lock around each call. Calls work on memory alone and at most 1 MB at a time, so that they may run
 * on the event loop.
 */
public final class DynamoDbService implements EdgeService, AutoCloseable {

    private final Vertx vertx;
    private final Clock clock;
    private final DynamoDbOptions options;
    private final Tables tables = new Tables();
    private final Map<String, Function<JsonNode, ObjectNode>> operations = new LinkedHashMap<>();
    private final long sweepTimer;

    /**
     * @param vertx runs the sweep for expired items until {@link #close}
     * @param clock tells which are expired
     */
    public DynamoDbService(Vertx vertx, Clock clock, DynamoDbOptions options) {
        this.vertx = vertx;
        this.clock = clock;
        this.options = options;
        TableOperations tableOperations = new TableOperations(tables, clock, options.region());
        operations.put("CreateTable", tableOperations::create);
        operations.put("DescribeTable", tableOperations::describe);
        operations.put("DeleteTable", tableOperations::delete);
        operations.put("ListTables", tableOperations::list);
        operations.put("UpdateTimeToLive", tableOperations::updateTimeToLive);
        operations.put("DescribeTimeToLive", tableOperations::describeTimeToLive);
        ItemOperations itemOperations = new ItemOperations(tables);
        operations.put("GetItem", itemOperations::get);
        operations.put("PutItem", itemOperations::put);
        operations.put("UpdateItem", itemOperations::update);
        operations.put("DeleteItem", itemOperations::delete);
        ReadOperations readOperations = new ReadOperations(tables);
        operations.put("Query", readOperations::query);
        operations.put("Scan", readOperations::scan);
        BatchOperations batchOperations = new BatchOperations(tables);
        operations.put("BatchGetItem", batchOperations::get);
        operations.put("BatchWriteItem", batchOperations::write);
        TransactionOperations transactionOperations = new TransactionOperations(tables, clock);
        operations.put("TransactWriteItems", transactionOperations::write);
        operations.put("TransactGetItems", transactionOperations::get);
        sweepTimer = vertx.setPeriodic(options.ttlSweep().toMillis(), id -> removeExpired());
    }

    @Override
    public String signingName() {
        return "dynamodb";
    }

    @Override
    public void handle(EdgeRequest request) {
        try {
            request.reply(call(request.operation(), request.tree()));
        } catch (DynamoDbFailure failure) {
            fail(request, failure);
        }
    }

    /**
     * One call, as on the wire.
     *
     * @throws DynamoDbFailure the error that a client would get
     */
    public synchronized ObjectNode call(String operation, JsonNode request) {
        Function<JsonNode, ObjectNode> implementation = operations.get(operation);
        if (implementation == null) {
            throw DynamoDbFailure.unsupported("Operation " + operation);
        }
        return implementation.apply(request);
    }

    /**
     * Creates, at start-up, a table with the string keys {@code pk} and {@code sk}.
     *
     * @param ttlAttribute number attribute with an item's expiry in seconds since the epoch
     */
    public void createTable(String name, String ttlAttribute) {
        ObjectNode create = JsonNodeFactory.instance.objectNode().put("TableName", name);
        for (String[] key : new String[][] {{"pk", "HASH"}, {"sk", "RANGE"}}) {
            create.withArrayProperty("AttributeDefinitions")
                    .addObject()
                    .put("AttributeName", key[0])
                    .put("AttributeType", "S");
            create.withArrayProperty("KeySchema")
                    .addObject()
                    .put("AttributeName", key[0])
                    .put("KeyType", key[1]);
        }
        call("CreateTable", create);
        ObjectNode expire = JsonNodeFactory.instance.objectNode().put("TableName", name);
        expire.putObject("TimeToLiveSpecification")
                .put("AttributeName", ttlAttribute)
                .put("Enabled", true);
        call("UpdateTimeToLive", expire);
    }

    /** How many items the table has now, expired ones that are still there included. */
    public synchronized long itemCount(String table) {
        return tables.get(table).rows().count();
    }

    /** Read request units that calls have taken so far, as a table paid by request would be charged. */
    public synchronized double readUnits() {
        return tables.capacity().readUnits();
    }

    /** Write request units, likewise. */
    public synchronized double writeUnits() {
        return tables.capacity().writeUnits();
    }

    /** Removes what expired longer than {@link DynamoDbOptions#ttlDelay} ago; runs by itself as well. */
    public synchronized int removeExpired() {
        return tables.all().stream()
                .mapToInt(table -> table.removeExpired(clock.instant().minus(options.ttlDelay())))
                .sum();
    }

    @Override
    public void close() {
        vertx.cancelTimer(sweepTimer);
    }

    private static void fail(EdgeRequest request, DynamoDbFailure failure) {
        ObjectNode body = EdgeRequest.object();
        body.put("__type", failure.type());
        // AWS spells it so for this one error; SDKs take both.
        boolean cancelled = failure.code().equals("TransactionCanceledException");
        body.put(cancelled ? "Message" : "message", failure.getMessage());
        failure.members().forEach(body::set);
        request.response()
                .setStatusCode(400)
                .putHeader("x-amzn-RequestId", request.requestId())
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .end(body.toString());
    }
}
