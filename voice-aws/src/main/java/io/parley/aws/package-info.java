/**
 * AWS behind voice-core's ports; the only place that names the AWS SDK.
 *
 * <p>Futures that these classes give complete on one of the few I/O threads that all clients of the process share. What
 * is chained onto them must not block. The blocking {@link io.parley.aws.DynamoConnectionRegistry} says so with an
 * exception when it is called there.
 */
package io.parley.aws;
