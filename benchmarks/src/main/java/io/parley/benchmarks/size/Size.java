package io.parley.benchmarks.size;

import io.parley.benchmarks.bill.Bill;
import io.parley.benchmarks.bill.Deployment;
import io.parley.benchmarks.bill.Item;
import io.parley.benchmarks.bill.PriceList;
import io.parley.benchmarks.bill.Talk;
import io.parley.benchmarks.bill.Usage;
import io.parley.benchmarks.constants.Constant;
import io.parley.benchmarks.constants.Constants;
import io.parley.benchmarks.constants.RegionLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a deployment needs for a demand. Arithmetic on {@link Constants}; nothing of it was measured on AWS.
 *
 * @param parallelism of the job, with one subtask to a KPU
 * @param lanes of each subtask
 * @param ingestConcurrency audio Lambdas at a time, with room for unevenness
 * @param broadcastConcurrency broadcast Lambdas at a time, at most
 */
public record Size(
        Demand demand,
        int shards,
        int parallelism,
        int lanes,
        int ingestConcurrency,
        int broadcastConcurrency,
        Usage perHour) {

    /** As terraform/variables.tf has them. */
    static final int DEFAULT_LANES = 16;

    private static final int MAX_LANES = 256;
    private static final int INGEST_MEMORY_MB = 1_024;
    private static final int BROADCAST_MEMORY_MB = 1_769;
    private static final double HOUR_SECONDS = 3_600;
    private static final int MANY_ROOMS = 1_000_000;

    public static Size of(Demand demand, Constants constants) {
        double callSeconds = Talk.broadcastSeconds(demand.people());
        int lanesTogether = up(demand.ticksASecond() * callSeconds / constants.of(Constant.LANE_USE));
        int parallelism = Math.max(parallelism(demand, constants), divideUp(lanesTogether, MAX_LANES));
        int lanes = Math.max(DEFAULT_LANES, divideUp(lanesTogether, parallelism));
        Talk talk = new Talk(
                demand.rooms(),
                demand.people(),
                demand.speakers(),
                demand.chunkMs(),
                demand.tickMs(),
                demand.archiveMode(),
                INGEST_MEMORY_MB,
                BROADCAST_MEMORY_MB,
                parallelism * lanes);
        Usage perHour = talk.perHour();
        int ingest = up(demand.chunksASecond()
                * Talk.ingestSeconds(demand.archiveMode())
                * constants.of(Constant.CONCURRENCY_HEADROOM));
        return new Size(
                demand, shards(demand, perHour, constants), parallelism, lanes, ingest, parallelism * lanes, perHour);
    }

    private static int shards(Demand demand, Usage perHour, Constants constants) {
        double records = demand.chunksASecond() / constants.of(Constant.SHARD_RECORDS_A_SECOND);
        double bytes =
                perHour.of(Item.KINESIS_CONSUMER_GB) * 1e9 / HOUR_SECONDS / constants.of(Constant.SHARD_BYTES_A_SECOND);
        return up(Math.max(records, bytes) / constants.of(Constant.SHARD_USE));
    }

    private static int parallelism(Demand demand, Constants constants) {
        double us = demand.chunksASecond() * constants.of(Constant.JOB_CPU_US_A_RECORD)
                + demand.ticksASecond() * constants.of(Constant.JOB_CPU_US_A_CALL);
        return up(us / 1e6 / constants.of(Constant.CORE_USE));
    }

    /** The next whole number. A hundredth of a millionth too much is the arithmetic's, not the demand's. */
    private static int up(double number) {
        return (int) Math.max(1, Math.ceil(number - 1e-8));
    }

    private static int divideUp(int number, int by) {
        return (number + by - 1) / by;
    }

    public double perSecond(Item item) {
        return perHour.of(item) / HOUR_SECONDS;
    }

    /** Messages from clients and posts to them. */
    public double gatewayRequestsASecond() {
        return perSecond(Item.WEBSOCKET_MESSAGES);
    }

    /** That somebody connects anew: AWS ends each connection after two hours. */
    double connectsASecond(Constants constants) {
        return demand.rooms() * (double) demand.people() / constants.of(Constant.GATEWAY_CONNECTION_SECONDS);
    }

    public Deployment deployment() {
        return Deployment.ofModule(shards, parallelism);
    }

    /** Of a month in which all rooms talk for so many hours. */
    public Bill month(double hours, PriceList prices) {
        return Bill.of(deployment().perMonth().plus(perHour.times(hours)), prices);
    }

    public List<Quota> quotas(Constants constants, RegionLimits region) {
        List<Quota> quotas = new ArrayList<>();
        quotas.add(new Quota(
                "API Gateway",
                "requests and posts a second",
                gatewayRequestsASecond(),
                constants.of(Constant.GATEWAY_REQUESTS_A_SECOND, region),
                true));
        quotas.add(new Quota(
                "API Gateway",
                "requests in the same moment, if all speakers send then",
                demand.rooms() * (double) demand.speakers(),
                constants.of(Constant.GATEWAY_BURST, region),
                true));
        quotas.add(new Quota(
                "API Gateway",
                "new connections a second, each for two hours",
                connectsASecond(constants),
                constants.of(Constant.GATEWAY_CONNECTS_A_SECOND, region),
                true));
        quotas.add(new Quota(
                "Lambda",
                "invocations at a time",
                ingestConcurrency + (double) broadcastConcurrency,
                constants.of(Constant.LAMBDA_CONCURRENCY, region),
                true));
        quotas.add(new Quota(
                "Lambda",
                "invocations a second",
                perSecond(Item.LAMBDA_REQUESTS),
                constants.of(Constant.LAMBDA_REQUESTS_A_SECOND, region),
                true));
        quotas.add(new Quota("Kinesis", "shards", shards, constants.of(Constant.KINESIS_SHARDS, region), true));
        quotas.add(new Quota(
                "Managed Flink",
                "KPUs of an application",
                parallelism,
                constants.of(Constant.FLINK_KPUS, region),
                true));
        quotas.add(new Quota(
                "S3",
                "PUT requests a second of a prefix",
                perSecond(Item.S3_PUTS),
                constants.of(Constant.S3_PUTS_A_SECOND, region),
                false));
        quotas.add(new Quota(
                "DynamoDB",
                "read units a second of a table",
                perSecond(Item.DYNAMODB_READS),
                constants.of(Constant.DYNAMODB_READS_A_SECOND, region),
                true));
        quotas.add(new Quota(
                "KMS",
                "requests a second",
                perSecond(Item.KMS_REQUESTS),
                constants.of(Constant.KMS_REQUESTS_A_SECOND, region),
                true));
        quotas.add(new Quota(
                "EventBridge",
                "events a second",
                perSecond(Item.EVENTS),
                constants.of(Constant.EVENTS_PUTS_A_SECOND, region),
                true));
        quotas.add(new Quota(
                "EventBridge",
                "events passed on a second, of one rule",
                perSecond(Item.EVENTS),
                constants.of(Constant.EVENTS_INVOCATIONS_A_SECOND, region),
                true));
        return quotas;
    }

    /** How many rooms like these each quota carries, the first one to be hit first. */
    public static List<Bound> bounds(Demand demand, Constants constants, RegionLimits region) {
        List<Quota> quotas = of(demand, constants).quotas(constants, region);
        List<Bound> bounds = new ArrayList<>();
        for (int i = 0; i < quotas.size(); i++) {
            bounds.add(new Bound(quotas.get(i), mostRooms(demand, constants, region, i)));
        }
        bounds.sort(Comparator.comparingInt(Bound::rooms));
        return bounds;
    }

    /** @param rooms at most; {@value #MANY_ROOMS} stands for more than anybody has */
    public record Bound(Quota quota, int rooms) {

        boolean isFarOff() {
            return rooms >= MANY_ROOMS;
        }
    }

    private static int mostRooms(Demand demand, Constants constants, RegionLimits region, int quota) {
        int holds = 0;
        int fails = MANY_ROOMS;
        while (fails - holds > 1) {
            int middle = (holds + fails) >>> 1;
            Quota at = of(demand.withRooms(middle), constants)
                    .quotas(constants, region)
                    .get(quota);
            if (at.holds()) {
                holds = middle;
            } else {
                fails = middle;
            }
        }
        return fails == MANY_ROOMS ? MANY_ROOMS : holds;
    }
}
