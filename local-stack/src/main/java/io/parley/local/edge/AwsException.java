package io.parley.local.edge;

/** An error answer of an AWS service: its code, as the service's API reference names it, and HTTP status. */
public final class AwsException extends RuntimeException {

    private final int status;
    private final String code;

    public AwsException(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    public static AwsException validation(String message) {
        return new AwsException(400, "ValidationException", message);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }
}
