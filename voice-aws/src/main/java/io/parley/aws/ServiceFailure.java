package io.parley.aws;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a failed call means to whoever stands behind a port. */
final class ServiceFailure {

    private ServiceFailure() {}

    /** The failure without the wrappings that futures put around it. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * UNAVAILABLE, with the service's words for the log, where the service is throttled, failing or out of reach;
     * other failures, such as a missing table or right, are given back as they are.
     */
    static RuntimeException translate(String service, Throwable failure) {
        Throwable cause = cause(failure);
        if (isAway(cause)) {
            return new ParleyException(ErrorCode.UNAVAILABLE, service + ": " + cause.getMessage());
        }
        return cause instanceof RuntimeException ? (RuntimeException) cause : new CompletionException(cause);
    }

    private static boolean isAway(Throwable cause) {
        if (cause instanceof AwsServiceException) {
            AwsServiceException refusal = (AwsServiceException) cause;
            return refusal.isThrottlingException() || refusal.statusCode() >= 500 || refusal.statusCode() == 429;
        }
        return cause instanceof SdkClientException
                || cause instanceof SdkException && ((SdkException) cause).retryable();
    }
}
