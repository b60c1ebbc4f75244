package io.parley.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the process of a stack has used so far.
 *
 * @param usage by the names of {@link io.parley.local.meter.UsageMeter}
 * @param cpuNs processor time of the process
 * @param heapBytes used now, what nobody needs any more included
 * @param residentBytes memory of the process now; 0 where the system does not tell
 * @param gcMs time in which the collector stopped or worked
 */
public record StackReading(Map<String, Double> usage, long cpuNs, long heapBytes, long residentBytes, long gcMs) {

    public StackReading {
        usage = Map.copyOf(usage);
    }

    /** What came since an earlier one; memory is as it is now. */
    public StackReading since(StackReading earlier) {
        Map<String, Double> difference = new TreeMap<>();
        usage.forEach((name, value) -> difference.put(name, value - earlier.usage.getOrDefault(name, 0.0)));
        return new StackReading(difference, cpuNs - earlier.cpuNs, heapBytes, residentBytes, gcMs - earlier.gcMs);
    }

    public double of(String name) {
        return usage.getOrDefault(name, 0.0);
    }
}
