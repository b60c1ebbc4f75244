package io.parley.local.kms;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.parley.local.edge.AwsException;
import java.util.ArrayList;
import java.util.List;

/**
 * A symmetric key with its material and its aliases, as it is kept in its file.
 *
 * @param material 32 bytes; never leaves this package
 * @param deletionMs when the key ceases to exist; 0 unless its deletion is scheduled
 * @param rotationDays the rotation period; 0 where rotation is off
 */
record KmsKey(
        @JsonProperty("id") String id,
        @JsonProperty("arn") String arn,
        @JsonProperty("description") String description,
        @JsonProperty("createdMs") long createdMs,
        @JsonProperty("state") State state,
        @JsonProperty("deletionMs") long deletionMs,
        @JsonProperty("rotationDays") int rotationDays,
        @JsonProperty("aliases") List<Alias> aliases,
        @JsonProperty("material") byte[] material) {

    /** "Key states of AWS KMS keys", by the names of the API. */
    enum State {
        Enabled,
        Disabled,
        PendingDeletion
    }

    /** @param name with its {@code alias/} prefix */
    record Alias(
            @JsonProperty("name") String name,
            @JsonProperty("createdMs") long createdMs) {}

    KmsKey {
        aliases = List.copyOf(aliases);
    }

    KmsKey enabled(boolean enabled) {
        requireNotPendingDeletion();
        return with(enabled ? State.Enabled : State.Disabled, 0, rotationDays, aliases);
    }

    KmsKey deletedAt(long deletionMs) {
        requireNotPendingDeletion();
        return with(State.PendingDeletion, deletionMs, rotationDays, aliases);
    }

    KmsKey deletionCancelled() {
        if (state != State.PendingDeletion) {
            throw new AwsException(400, "KMSInvalidStateException", arn + " is not pending deletion.");
        }
        return with(State.Disabled, 0, rotationDays, aliases);
    }

    KmsKey rotating(int days) {
        requireUsable();
        return with(state, deletionMs, days, aliases);
    }

    KmsKey with(Alias alias) {
        requireNotPendingDeletion();
        List<Alias> more = new ArrayList<>(aliases);
        more.add(alias);
        return with(state, deletionMs, rotationDays, more);
    }

    KmsKey without(String alias) {
        return with(
                state,
                deletionMs,
                rotationDays,
                aliases.stream().filter(each -> !each.name().equals(alias)).toList());
    }

    /** Throws unless the key may encrypt and decrypt. */
    void requireUsable() {
        requireNotPendingDeletion();
        if (state == State.Disabled) {
            throw new AwsException(400, "DisabledException", arn + " is disabled.");
        }
    }

    @JsonIgnore
    boolean isGone(long nowMs) {
        return state == State.PendingDeletion && deletionMs <= nowMs;
    }

    /** Without the material, so that no log shows it. */
    @Override
    public String toString() {
        return arn + " " + state;
    }

    private void requireNotPendingDeletion() {
        if (state == State.PendingDeletion) {
            throw new AwsException(400, "KMSInvalidStateException", arn + " is pending deletion.");
        }
    }

    private KmsKey with(State state, long deletionMs, int rotationDays, List<Alias> aliases) {
        return new KmsKey(id, arn, description, createdMs, state, deletionMs, rotationDays, aliases, material);
    }
}
