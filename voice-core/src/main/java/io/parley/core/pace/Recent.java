package io.parley.core.pace;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map of what was used last: beyond its size it forgets what was not used for longest. Not thread safe. */
public final class Recent<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;

    private final int maxSize;

    public Recent(int maxSize) {
        super(16, 0.75f, true);
        this.maxSize = maxSize;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > maxSize;
    }
}
