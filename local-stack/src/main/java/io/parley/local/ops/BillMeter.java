package io.parley.local.ops;

/** Says what the traffic of now would cost on AWS. */
@FunctionalInterface
public interface BillMeter {

    /** In US dollars an hour, as an estimate. */
    double usdPerHour();
}
