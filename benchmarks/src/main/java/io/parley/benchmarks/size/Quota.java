package io.parley.benchmarks.size;

import io.parley.benchmarks.constants.Constant;
import io.parley.benchmarks.constants.Constants;

/**
 * A limit that AWS begins with, and what a size takes of it.
 *
 * @param name with its unit
 * @param raised whether AWS raises it on request
 */
public record Quota(String service, String name, double used, double limit, boolean raised) {

    boolean holds() {
        return used <= limit;
    }

    /** What to ask AWS for, with room to spare; 0 if the limit has that. */
    int asked(Constants constants) {
        double wanted = used / constants.of(Constant.QUOTA_USE);
        if (!raised || wanted <= limit) {
            return 0;
        }
        double step = wanted < 1_000 ? 10 : wanted < 10_000 ? 100 : 1_000;
        return (int) (Math.ceil(wanted / step) * step);
    }
}
