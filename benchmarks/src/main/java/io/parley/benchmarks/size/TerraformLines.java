package io.parley.benchmarks.size;

import io.parley.benchmarks.constants.Constant;
import io.parley.benchmarks.constants.Constants;
import io.parley.benchmarks.constants.RegionLimits;
import io.parley.core.options.ArchiveMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The variables of the Terraform module for a size, as lines of a tfvars file. What is as the module's default already
 * is left out. terraform/tests/size.tftest.hcl shows that the module takes them.
 */
final class TerraformLines {

    /** The module's defaults and bounds: terraform/variables.tf. */
    private static final int MAX_SHARDS = 500;

    private static final int MAX_PARALLELISM = 128;
    private static final int MAX_MEMBERS = 100;
    private static final int MAX_SPEAKERS = 32;
    private static final int FRAMES_A_SECOND_OF_ONE = 75;
    private static final int CONNECTS_RATE = 50;
    private static final int AUDIO_RATE = 1_000;
    private static final int AUDIO_BURST = 500;
    private static final int MESSAGES_RATE = 200;
    private static final int ACCOUNT_RATE = 10_000;

    private final Size size;
    private final Demand demand;
    private final Constants constants;
    private final RegionLimits region;

    TerraformLines(Size size, Constants constants, RegionLimits region) {
        this.size = size;
        this.demand = size.demand();
        this.constants = constants;
        this.region = region;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "load = { rooms = %d, speakers_per_room = %d, listeners_per_room = %d }",
                demand.rooms(), demand.speakers(), demand.people()));
        lines.add(format(
                "room = { chunk_ms = %d, tick_period_ms = %d%s%s }",
                demand.chunkMs(), demand.tickMs(), hint(), manySpeakers()));
        lines.add("throttles = {");
        lines.add(rate("connects", Math.max(CONNECTS_RATE, connectsRate()), 2 * CONNECTS_RATE));
        lines.add(rate("audio   ", Math.max(AUDIO_RATE, audioRate()), Math.max(AUDIO_BURST, speakers())));
        lines.add(rate("messages", Math.max(MESSAGES_RATE, 2 * connectsRate()), MESSAGES_RATE));
        lines.add("}");
        Map<String, String> values = values();
        int width = values.keySet().stream().mapToInt(String::length).max().orElseThrow();
        values.forEach((name, value) -> lines.add(name + " ".repeat(width - name.length()) + " = " + value));
        return lines;
    }

    private Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        if (size.shards() > MAX_SHARDS) {
            values.put("stream_on_demand", "true");
        } else {
            values.put("shard_count", String.valueOf(size.shards()));
        }
        int parallelism = size.parallelism();
        values.put(
                "flink",
                parallelism <= MAX_PARALLELISM
                        ? format("{ parallelism = %d }", parallelism)
                        : format("{ parallelism = %d, max_parallelism = %d }", parallelism, 2 * parallelism));
        if (size.lanes() != Size.DEFAULT_LANES) {
            values.put("broadcast", format("{ lanes = %d }", size.lanes()));
        }
        if (demand.people() > MAX_MEMBERS) {
            values.put("ingest", format("{ max_members = %d }", demand.people()));
        }
        if (accountRate() != ACCOUNT_RATE) {
            values.put("account_requests_per_second", String.valueOf(accountRate()));
        }
        if (demand.archiveMode() != ArchiveMode.CHUNK) {
            values.put("archive_mode", '"' + demand.archiveMode().name().toLowerCase(Locale.ROOT) + '"');
        }
        return values;
    }

    /** Clients buffer for longer than a tick period; the default is for 100 ms. */
    private String hint() {
        return demand.tickMs() <= 100 ? "" : format(", playout_hint_ms = %d", demand.tickMs() + 20);
    }

    private String manySpeakers() {
        int speakers = demand.speakers();
        return speakers <= MAX_SPEAKERS
                ? ""
                : format(", max_speakers = %d, rate = %d", speakers, speakers * FRAMES_A_SECOND_OF_ONE);
    }

    /** What the account has to have, with room to spare where it has to be asked for: whole thousands. */
    int accountRate() {
        double limit = constants.of(Constant.GATEWAY_REQUESTS_A_SECOND, region);
        double needed = size.gatewayRequestsASecond() / constants.of(Constant.QUOTA_USE);
        return (int) (needed <= limit ? limit : Math.ceil(needed / 1000) * 1000);
    }

    /** For everybody to be back in a minute, as far as the account takes so many connections. */
    private int connectsRate() {
        double people = demand.rooms() * (double) demand.people();
        return (int) Math.min(
                Math.ceil(people / constants.of(Constant.REJOIN_SECONDS)),
                constants.of(Constant.GATEWAY_CONNECTS_A_SECOND, region));
    }

    private int audioRate() {
        return (int) Math.ceil(demand.chunksASecond() / constants.of(Constant.QUOTA_USE));
    }

    private int speakers() {
        return demand.rooms() * demand.speakers();
    }

    private static String rate(String route, int rate, int burst) {
        return format("  %s = { rate = %d, burst = %d }", route, rate, Math.max(rate, burst));
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
