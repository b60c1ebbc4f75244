package io.parley.benchmarks.load;

import java.util.List;

/**
 * How much is spoken, by the plans.
 *
 * @param share of the time in which anybody in a room speaks
 * @param talkers how many speak at a time, on average, while anybody does
 */
record TalkShare(double share, double talkers) {

    /** @param plans of all rooms, as many for each room as it has speakers */
    static TalkShare of(List<SpeechPlan> plans, LoadSettings settings) {
        if (plans.isEmpty()) {
            return new TalkShare(0, 0);
        }
        int frames = (int) (settings.wholeMs() / settings.frameMs()) + 1;
        long anybody = 0;
        long spoken = 0;
        for (int room = 0; room < settings.rooms(); room++) {
            boolean[] talk = new boolean[frames];
            for (int speaker = 0; speaker < settings.speakers(); speaker++) {
                SpeechPlan plan = plans.get(room * settings.speakers() + speaker);
                for (int i = 0; i < plan.chunks(); i++) {
                    SpeechPlan.Chunk chunk = plan.chunk(i);
                    int end = (int) (chunk.dueUs() / 1000 / settings.frameMs());
                    for (int frame = Math.max(0, end - chunk.frames()); frame < end; frame++) {
                        spoken++;
                        anybody += talk[frame] ? 0 : 1;
                        talk[frame] = true;
                    }
                }
            }
        }
        return new TalkShare(
                (double) anybody / ((long) frames * settings.rooms()), anybody == 0 ? 0 : (double) spoken / anybody);
    }
}
