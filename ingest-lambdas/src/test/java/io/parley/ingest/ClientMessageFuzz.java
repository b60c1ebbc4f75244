package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.error.ErrorCode;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.RoomPolicy;
import java.util.Base64;

/** Messages of a client who is in a room: garbage, and objects with fields of any type, doubled or missing. */
class ClientMessageFuzz {

    private static final String[] ACTIONS = {
        "join",
        "leave",
        "switch",
        "sendaudio",
        "audio",
        "mute",
        "unmute",
        "deafen",
        "undeafen",
        "block",
        "unblock",
        "muteroom",
        "unmuteroom",
        "kick",
        "ban",
        "unban",
        "lock",
        "unlock",
        "set",
        "say",
        "ping",
        "probe",
        "renew"
    };
    private static final String[] FIELDS = {
        "room",
        "to",
        "name",
        "ticket",
        "token",
        "replaces",
        "resume",
        "chunk",
        "participant",
        "reason",
        "minutes",
        "n",
        "text",
        "time",
        "id",
        "pushToTalk",
        "recording",
        "other"
    };

    @FuzzTest(maxDuration = "8s")
    void aMessageIsServedOrRefusedWithACodeAndNeverFails(FuzzedDataProvider data) {
        FakeSystem system = new FakeSystem();
        system.roomMessages(RoomPolicy.OPEN)
                .serve(system.sender("$default"), "{\"action\":\"join\",\"room\":\"lobby\"}");
        String body = data.consumeInt(0, 3) == 0 ? data.consumeRemainingAsString() : object(data);

        Ingested message = system.roomMessages(RoomPolicy.OPEN).serve(system.sender("$default"), body);
        Ingested audio = system.ingestChunk(EventGranularity.CHUNK, true).ingest(system.sender("sendaudio"), body);

        assertThat(message.refusal()).as(body).isNotEqualTo(ErrorCode.INTERNAL);
        assertThat(audio.refusal()).as(body).isNotEqualTo(ErrorCode.INTERNAL);
        assertThat(system.posts)
                .allSatisfy(post -> assertThat(post.path("action").asText()).isIn("accepted", "error", "pong"));
    }

    private static String object(FuzzedDataProvider data) {
        StringBuilder json = new StringBuilder("{\"action\":\"")
                .append(data.pickValue(ACTIONS))
                .append('"');
        for (int i = data.consumeInt(0, 6); i > 0; i--) {
            json.append(",\"").append(data.pickValue(FIELDS)).append("\":").append(value(data));
        }
        return json.append('}').toString();
    }

    private static String value(FuzzedDataProvider data) {
        switch (data.consumeInt(0, 9)) {
            case 0:
                return "\"lobby\"";
            case 1:
                return '"' + FakeSystem.PARTICIPANT + '"';
            case 2:
                return String.valueOf(data.consumeLong());
            case 3:
                return String.valueOf(data.consumeBoolean());
            case 4:
                return data.consumeInt() + "e" + data.consumeInt();
            case 5:
                return "null";
            case 6:
                return "[".repeat(data.consumeInt(1, 3_000));
            case 7:
                return "\"\\u0000\\ud800" + data.consumeAsciiString(4).replaceAll("[^a-z]", "") + '"';
            case 8:
                return '"' + chunk(data) + '"';
            default:
                return '"' + data.consumeString(40) + '"';
        }
    }

    private static String chunk(FuzzedDataProvider data) {
        ChunkBuilder chunk =
                new ChunkBuilder(Codec.OPUS, 20_000, data.consumeInt(), data.consumeInt(), data.consumeLong());
        for (int i = data.consumeInt(0, 3); i > 0; i--) {
            chunk.frame(data.consumeInt(0, 130), data.consumeBytes(4));
        }
        return Base64.getEncoder().encodeToString(chunk.build());
    }
}
