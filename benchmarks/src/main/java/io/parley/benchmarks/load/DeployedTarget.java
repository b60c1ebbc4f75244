package io.parley.benchmarks.load;

import java.net.URI;
import java.util.List;

/**
 * A system that somebody else runs, which lets in the users whose tokens are given.
 *
 * @param tickets null where rooms ask for none
 */
record DeployedTarget(URI url, String apiKey, List<String> userTokens, RoomTickets tickets) implements Target {

    @Override
    public List<String> tokens(int count) {
        return userTokens.subList(0, count);
    }

    @Override
    public String ticket(String token, String room) {
        return tickets == null ? null : tickets.of(token, room);
    }

    @Override
    public StackReading read() {
        return null;
    }

    @Override
    public void close() {}
}
