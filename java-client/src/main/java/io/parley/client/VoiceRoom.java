package io.parley.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What can be asked of a room that is joined, and how it looks. Futures complete when the server has accepted the
 * change, which the room's events then tell everybody; they fail with {@link VoiceException} where it is refused, for
 * instance what only a moderator may do. Two changes of the same kind hold in the order in which they were asked for.
 * Thread safe.
 */
public final class VoiceRoom {

    private static final long MAX_REASON_LENGTH = 200;

    private final VoiceClient client;
    private final String id;

    VoiceRoom(VoiceClient client, String id) {
        this.client = client;
        this.id = id;
    }

    /** The room's id. */
    public String id() {
        return id;
    }

    /** The room as last heard; without anyone where it is not joined. Never blocks. */
    public RoomView view() {
        return client.view(id);
    }

    /** As {@link VoiceClient#leave}. */
    public CompletableFuture<Void> leave() {
        return client.leave(id);
    }

    // Oneself

    /** Is not heard from now on, whatever is sent; a moderator's mute is another. */
    public CompletableFuture<Void> selfMute() {
        return client.ask(id, "mute", true, ClientMessages.Fields.NONE);
    }

    /** Is heard again, unless a moderator has muted one. */
    public CompletableFuture<Void> selfUnmute() {
        return client.ask(id, "unmute", true, ClientMessages.Fields.NONE);
    }

    /** Hears nothing from now on: no ticks come, and no events. */
    public CompletableFuture<Void> deafen() {
        return client.deafen(id);
    }

    /** Hears again; what was said meanwhile is not counted as missed. */
    public CompletableFuture<Void> undeafen() {
        return client.ask(id, "undeafen", true, ClientMessages.Fields.NONE);
    }

    /** Neither hears nor reads the participant any more, at once. The server remembers it; nobody else is told. */
    public CompletableFuture<Void> block(String participant) {
        return client.block(id, participant, true);
    }

    /** Hears and reads the participant again. */
    public CompletableFuture<Void> unblock(String participant) {
        return client.block(id, participant, false);
    }

    /** Writes to the room: 1 to 500 characters. */
    public CompletableFuture<Void> say(String text) {
        return client.ask(id, "say", false, json -> json.writeStringField("text", text));
    }

    /**
     * Makes the membership last longer, by a fresh ticket or token of the options' sources. The client does so itself
     * in time; this is for a game that has granted something new.
     */
    public CompletableFuture<Void> renew() {
        return client.renew(id);
    }

    // Others: for moderators

    /** The participant is not heard until it is unmuted, whatever it chooses itself. */
    public CompletableFuture<Void> mute(String participant) {
        return mute(participant, null);
    }

    /**
     * As {@link #mute(String)}.
     *
     * @param reason at most 200 characters, or null
     */
    public CompletableFuture<Void> mute(String participant, String reason) {
        return about("mute", true, participant, reason, 0);
    }

    /** Takes a moderator's mute back; who has muted itself stays so. */
    public CompletableFuture<Void> unmute(String participant) {
        return about("unmute", true, participant, null, 0);
    }

    /**
     * Sends the participant out, who may come back.
     *
     * @param reason at most 200 characters that the participant is told, or null
     */
    public CompletableFuture<Void> kick(String participant, String reason) {
        return about("kick", false, participant, reason, 0);
    }

    /**
     * Sends the participant out and lets it in again only when the time is over.
     *
     * @param duration in whole minutes, up to a year; null for good
     * @param reason at most 200 characters that the participant is told, or null
     */
    public CompletableFuture<Void> ban(String participant, Duration duration, String reason) {
        if (duration != null && duration.toMinutes() < 1) {
            throw new IllegalArgumentException("a ban of " + duration + ", but it must last a minute at least");
        }
        return about("ban", false, participant, reason, duration == null ? 0 : duration.toMinutes());
    }

    /** Takes a ban back. */
    public CompletableFuture<Void> unban(String participant) {
        return about("unban", false, participant, null, 0);
    }

    private CompletableFuture<Void> about(
            String action, boolean numbered, String participant, String reason, long minutes) {
        if (participant == null) {
            throw new IllegalArgumentException(action + " needs a participant");
        }
        if (reason != null && reason.length() > MAX_REASON_LENGTH) {
            throw new IllegalArgumentException(
                    "a reason of " + reason.length() + " characters; at most " + MAX_REASON_LENGTH + " are allowed");
        }
        return client.ask(id, action, numbered, json -> {
            json.writeStringField("participant", participant);
            ClientMessages.writeIfAny(json, "reason", reason);
            if (minutes > 0) {
                json.writeNumberField("minutes", minutes);
            }
        });
    }

    // The room: for moderators

    /** Only moderators are heard from now on. */
    public CompletableFuture<Void> muteRoom() {
        return client.ask(id, "muteroom", false, ClientMessages.Fields.NONE);
    }

    /** Everybody is heard again who is not muted. */
    public CompletableFuture<Void> unmuteRoom() {
        return client.ask(id, "unmuteroom", false, ClientMessages.Fields.NONE);
    }

    /** Nobody but moderators, and who is in it already, may join from now on. */
    public CompletableFuture<Void> lock() {
        return client.ask(id, "lock", false, ClientMessages.Fields.NONE);
    }

    /** Everybody may join again. */
    public CompletableFuture<Void> unlock() {
        return client.ask(id, "unlock", false, ClientMessages.Fields.NONE);
    }

    /** Whether only what is said with a key held down is played ({@link SpeakerStream#pushToTalk}). */
    public CompletableFuture<Void> setPushToTalk(boolean only) {
        return client.ask(id, "set", false, json -> json.writeBooleanField("pushToTalk", only));
    }

    /** Whether what is said is kept; for those who may record ({@link JoinedRoom#mayRecord}). */
    public CompletableFuture<Void> setRecording(boolean on) {
        return client.ask(id, "set", false, json -> json.writeBooleanField("recording", on));
    }
}
