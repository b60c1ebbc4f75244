package io.parley.local.lambda;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One invocation as its handler sees it. Logs go to the logger {@code lambda.<function name>}. */
final class FunctionContext implements Context {

    private final String requestId;
    private final String functionName;
    private final String arn;
    private final Clock clock;
    private final long deadlineMs;
    private final LambdaLogger logger;

    FunctionContext(String requestId, LocalFunction function, String arn, Clock clock) {
        this.requestId = requestId;
        this.functionName = function.name();
        this.arn = arn;
        this.clock = clock;
        this.deadlineMs = clock.millis() + function.timeout().toMillis();
        this.logger = new FunctionLogger(LoggerFactory.getLogger("lambda." + functionName), requestId);
    }

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/" + functionName;
    }

    @Override
    public String getLogStreamName() {
        return "local";
    }

    @Override
    public String getFunctionName() {
        return functionName;
    }

    @Override
    public String getFunctionVersion() {
        return "$LATEST";
    }

    @Override
    public String getInvokedFunctionArn() {
        return arn;
    }

    @Override
    public CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        return (int) Math.max(0, deadlineMs - clock.millis());
    }

    @Override
    public int getMemoryLimitInMB() {
        return 512;
    }

    @Override
    public LambdaLogger getLogger() {
        return logger;
    }

    private record FunctionLogger(Logger log, String requestId) implements LambdaLogger {

        @Override
        public void log(String message) {
            log(message, LogLevel.UNDEFINED);
        }

        @Override
        public void log(byte[] message) {
            log(message, LogLevel.UNDEFINED);
        }

        @Override
        public void log(byte[] message, LogLevel level) {
            log(new String(message, StandardCharsets.UTF_8), level);
        }

        @Override
        public void log(String message, LogLevel level) {
            log.atLevel(slf4j(level)).log("{} {}", requestId, message.stripTrailing());
        }

        private static Level slf4j(LogLevel level) {
            return switch (level) {
                case TRACE -> Level.TRACE;
                case DEBUG -> Level.DEBUG;
                case UNDEFINED, INFO -> Level.INFO;
                case WARN -> Level.WARN;
                case ERROR, FATAL -> Level.ERROR;
            };
        }
    }
}
