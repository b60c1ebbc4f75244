package io.parley.local.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/**
 * What all loggers of this JVM write while this is open, with the failures' texts and causes, and what is printed. Our
 * own loggers write all that they have to say, whatever their level is otherwise.
 */
final class AllLogLines extends AbstractAppender implements AutoCloseable {

    private static final String OURS = "io.parley";

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final Level level = LogManager.getLogger(OURS).getLevel();
    private final PrintStream out = System.out;

    AllLogLines() {
        super("all-lines", null, null, false, Property.EMPTY_ARRAY);
        start();
        context.getRootLogger().addAppender(this);
        Configurator.setLevel(OURS, Level.ALL);
        System.setOut(new PrintStream(printed, true, UTF_8));
    }

    @Override
    public void append(LogEvent event) {
        StringWriter line = new StringWriter().append(event.getLoggerName()).append(": ");
        line.append(event.getMessage().getFormattedMessage());
        if (event.getThrown() != null) {
            event.getThrown().printStackTrace(new PrintWriter(line, true));
        }
        lines.add(line.toString());
    }

    /** All so far. */
    String text() {
        return String.join("\n", lines) + '\n' + printed.toString(UTF_8);
    }

    @Override
    public void close() {
        System.setOut(out);
        Configurator.setLevel(OURS, level);
        context.getRootLogger().removeAppender(this);
        stop();
    }
}
