package io.parley.local.system;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What a class of this JVM logs while this is open. */
final class LogLines extends AbstractAppender implements AutoCloseable {

    private final Logger logger;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    private LogLines(Logger logger) {
        super("lines-of-" + logger.getName(), null, null, false, Property.EMPTY_ARRAY);
        this.logger = logger;
    }

    /** @param logger the class's full name */
    static LogLines of(String logger) {
        LogLines lines = new LogLines(((LoggerContext) LogManager.getContext(false)).getLogger(logger));
        lines.start();
        lines.logger.addAppender(lines);
        return lines;
    }

    @Override
    public void append(LogEvent event) {
        lines.add(event.getMessage().getFormattedMessage());
    }

    /** Those so far that hold the words. */
    List<String> with(String words) {
        synchronized (lines) {
            return lines.stream().filter(line -> line.contains(words)).toList();
        }
    }

    @Override
    public void close() {
        logger.removeAppender(this);
        stop();
    }
}
