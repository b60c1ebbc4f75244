package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.client.RoomView;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceFrame;
import io.parley.client.VoiceListener;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SeveralRoomsITCase {

    @Test
    void oneConnectionHearsTwoRoomsAndEachOfThemWholeAndInOrder() throws Exception {
        Map<String, List<Integer>> heard = new ConcurrentHashMap<>();
        VoiceListener listener = new VoiceListener() {
            @Override
            public void onFrame(VoiceFrame frame) {
                heard.computeIfAbsent(frame.room() + " " + frame.participant(), room -> new CopyOnWriteArrayList<>())
                        .add((int) frame.sequence());
            }
        };
        try (LocalStack stack = LocalStack.start(StackOptions.onFreePorts());
                VoiceClient client = Player.connect(stack, "listener", listener)) {
            client.join("lobby", "Listener").get(30, TimeUnit.SECONDS);
            client.join("attic", "Listener").get(30, TimeUnit.SECONDS);
            try (Player ann = Player.joined(stack, "ann", "lobby");
                    Player bob = Player.joined(stack, "bob", "attic")) {
                Eventually.until(
                        "both rooms show who came in",
                        () -> isIn(client.room("lobby").view(), ann)
                                && isIn(client.room("attic").view(), bob));
                for (int chunk = 0; chunk < 5; chunk++) {
                    ann.speak();
                    bob.speak();
                }
                Eventually.until(
                        "all is heard of both",
                        () -> ann.said().equals(heard.get("lobby " + ann.participant()))
                                && bob.said().equals(heard.get("attic " + bob.participant())));

                client.leave("attic").get(30, TimeUnit.SECONDS);
                bob.speak();
                ann.speak();
                Eventually.until(
                        "the other room is heard on", () -> ann.said().equals(heard.get("lobby " + ann.participant())));
                assertThat(heard.get("attic " + bob.participant())).hasSize(25);
                assertThat(client.room("attic").view().participants()).isEmpty();
            }
        }
    }

    private static boolean isIn(RoomView view, Player player) {
        return view.participant(player.participant()) != null;
    }
}
