package io.parley.job;

/**
 * Names of the job's own metrics, in the metric group of the operator that counts them. Counters unless their comment
 * says otherwise.
 */
public final class JobMetrics {

    // validate-records
    public static final String RECORDS_ACCEPTED = "recordsAccepted";
    public static final String RECORDS_REJECTED = "recordsRejected";
    /** Group below which rejected records are counted by their reason. */
    public static final String REJECTED_BY_REASON = "reason";

    // order-rooms
    /** Histogram: gateway to ordering operator. */
    public static final String ARRIVAL_LAG_MS = "arrivalLagMs";

    public static final String TICKS_CLOSED = "ticksClosed";
    public static final String FRAMES_LIVE = "framesLive";
    public static final String FRAMES_LOST = "framesLost";
    /** Group below which frames that were not played are counted by their disposition. */
    public static final String FRAMES_NOT_PLAYED = "framesNotPlayed";

    /** Histogram: how long after its time a room's timer ran. */
    public static final String TIMER_DELAY_MS = "timerDelayMs";
    /** Gauge: rooms on the heap. */
    public static final String HOT_ROOMS = "hotRooms";
    /** Gauge: rooms that were written at the last checkpoint. */
    public static final String ROOMS_WRITTEN = "roomsWritten";

    public static final String ROOMS_CLOSED = "roomsClosed";
    public static final String ROOMS_FAILED = "roomsFailed";

    // broadcast-ticks
    public static final String CALLS = "broadcastCalls";
    public static final String CALLS_FAILED = "broadcastCallsFailed";
    public static final String CALLS_EXPIRED = "broadcastCallsExpired";
    public static final String TICKS_DROPPED = "ticksDroppedInLanes";
    public static final String POSTS_DROPPED = "postsDroppedInLanes";
    /** Histogram: how long a call took. */
    public static final String CALL_MS = "broadcastCallMs";
    /** Gauge. */
    public static final String TICKS_WAITING = "ticksWaitingInLanes";

    public static final String EVENTS_PUBLISHED = "eventsPublished";
    public static final String EVENTS_REFUSED = "eventsRefused";
    public static final String EVENTS_DROPPED = "eventsDropped";
    /** FAILED of chunks of which the bus knows nothing, beyond one a second for each connection. */
    public static final String EVENTS_WITHHELD = "eventsWithheld";

    // tick-log
    public static final String SEGMENTS_STAGED = "segmentsStaged";
    public static final String SEGMENTS_STORED = "segmentsStored";
    public static final String SEGMENT_CONFLICTS = "segmentConflicts";
    public static final String SEGMENT_UPLOADS_FAILED = "segmentUploadsFailed";
    /** Segments given up because the spool was full: alarm on it. */
    public static final String SEGMENTS_DROPPED = "segmentsDropped";
    /** Ticks that could not be sealed and were given up: alarm on it. */
    public static final String TICKS_UNLOGGED = "ticksUnlogged";
    /** Gauge: bytes that are sealed but not yet in the store: alarm where it does not come down again. */
    public static final String SPOOL_BYTES = "spoolBytes";

    // In CloudWatch, see ExportedMetrics: rates are a second's, over the last minute; the rest as it says.
    public static final String RECORDS_REJECTED_RATE = "recordsRejectedPerSecond";
    public static final String FRAMES_LIVE_RATE = "framesLivePerSecond";
    public static final String FRAMES_LOST_RATE = "framesLostPerSecond";
    public static final String FRAMES_LATE_RATE = "framesLatePerSecond";
    public static final String FRAMES_STALE_RATE = "framesStalePerSecond";
    public static final String FRAMES_SUPPRESSED_RATE = "framesSuppressedPerSecond";
    public static final String ROOMS_FAILED_RATE = "roomsFailedPerSecond";
    public static final String TICKS_DROPPED_RATE = "ticksDroppedPerSecond";
    public static final String SEGMENTS_DROPPED_RATE = "segmentsDroppedPerSecond";
    public static final String TICKS_UNLOGGED_RATE = "ticksUnloggedPerSecond";
    /** What one in a hundred of the last 1,024 exceeds, as the next two. */
    public static final String ARRIVAL_LAG_TAIL = "arrivalLagMsP99";

    public static final String TIMER_DELAY_TAIL = "timerDelayMsP99";
    public static final String CALL_TAIL = "broadcastCallMsP99";
    /** Rooms on the heap: those that talked of late. */
    public static final String ROOMS = "rooms";
    /** Bytes that are sealed but not yet in the store. */
    public static final String SPOOL = "spooledBytes";

    private JobMetrics() {}
}
