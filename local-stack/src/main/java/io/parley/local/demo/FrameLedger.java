package io.parley.local.demo;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps account of every frame: what was sent, and what each listener got of it, byte for byte. Safe for threads.
 */
public final class FrameLedger {

    private record Key(String participant, int sequence) {}

    /**
     * What one listener got.
     *
     * @param delivered different frames that were sent and came with their very bytes
     * @param inOrder of these, those that came after all smaller numbers of their speaker that came at all
     * @param duplicated frames that came once more
     * @param altered frames whose bytes were others, or that nobody had sent
     * @param declaredLost frames that the job declared lost
     */
    public record Account(long delivered, long inOrder, long duplicated, long altered, long declaredLost) {}

    private final Map<Key, byte[]> sent = new HashMap<>();
    private final Map<String, Listener> listeners = new LinkedHashMap<>();

    public synchronized void sent(String participant, int sequence, byte[] payload) {
        sent.put(new Key(participant, sequence), payload);
    }

    public synchronized void heard(String listener, String participant, int sequence, byte[] payload) {
        Listener account = listeners.computeIfAbsent(listener, name -> new Listener());
        Key key = new Key(participant, sequence);
        byte[] original = sent.get(key);
        if (original == null || !Arrays.equals(original, payload)) {
            account.altered++;
            return;
        }
        if (account.seen.merge(key, 1, Integer::sum) > 1) {
            account.duplicated++;
            return;
        }
        account.delivered++;
        Integer last = account.last.put(participant, sequence);
        if (last == null || sequence - last > 0) {
            account.inOrder++;
        }
    }

    public synchronized void lost(String listener, long count) {
        listeners.computeIfAbsent(listener, name -> new Listener()).declaredLost += count;
    }

    public synchronized long sentCount() {
        return sent.size();
    }

    /** The sum over all listeners of the frames that were delivered. */
    public synchronized long deliveredCount() {
        return listeners.values().stream()
                .mapToLong(listener -> listener.delivered)
                .sum();
    }

    public synchronized Account account(String listener) {
        Listener account = listeners.getOrDefault(listener, new Listener());
        return new Account(
                account.delivered, account.inOrder, account.duplicated, account.altered, account.declaredLost);
    }

    /** Whether the listener got every frame exactly once, in order, bit for bit. */
    public synchronized boolean isPerfect(String listener) {
        Account account = account(listener);
        return account.delivered() == sent.size()
                && account.inOrder() == sent.size()
                && account.duplicated() == 0
                && account.altered() == 0
                && account.declaredLost() == 0;
    }

    private static final class Listener {
        private final Map<Key, Integer> seen = new HashMap<>();
        private final Map<String, Integer> last = new HashMap<>();
        private long delivered;
        private long inOrder;
        private long duplicated;
        private long altered;
        private long declaredLost;
    }
}
