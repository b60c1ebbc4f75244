package io.parley.benchmarks.constants;

/** With which quotas AWS begins, which differ by region. */
public enum RegionLimits {
    /** Those of the large regions, such as us-east-1. */
    DEFAULT,
    /** The smallest that a source names for any region. */
    SMALL
}
