package io.parley.core.options;

/** Settings that several programs of a deployment share, each under the same name. */
public final class SystemOptions {

    public static final Option<ArchiveMode> ARCHIVE_MODE = Option.choice(
            "ARCHIVE_MODE", ArchiveMode.CHUNK, "What is kept of the audio in S3: chunk, segment, both or off.");
    public static final Option<EventGranularity> EVENT_GRANULARITY = Option.choice(
            "EVENT_GRANULARITY",
            EventGranularity.UTTERANCE,
            "For which chunks SendAudioEvents are published: utterance, chunk or none.");
    public static final Option<String> EVENT_BUS_NAME =
            Option.required("EVENT_BUS_NAME", "EventBridge bus of the SendAudioEvents.");
    public static final Option<String> EVENT_SOURCE =
            Option.text("EVENT_SOURCE", "voice-chat", "Source of the SendAudioEvents.");
    public static final Option<String> EVENT_DETAIL_TYPE =
            Option.text("EVENT_DETAIL_TYPE", "SendAudioEvent", "Detail type of the SendAudioEvents.");
    public static final Option<RoomPolicy> ROOM_POLICY =
            Option.choice("ROOM_POLICY", RoomPolicy.TICKET, "Who may join a room: ticket or open.");
    public static final Option<OnOff> SEED_CLIENTS = Option.choice(
            "SEED_CLIENTS", OnOff.OFF, "Whether clients of the original protocol are admitted with an API key alone.");

    private SystemOptions() {}

    /** A setting that is {@code on} or {@code off}. */
    public enum OnOff {
        ON,
        OFF
    }
}
