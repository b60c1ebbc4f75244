/**
 * A local API Gateway WebSocket API: upgrades, routes and closes as the managed service does, and its
 * {@code @connections} management API.
 *
 * <p>Where a rule is documented, the Javadoc names the page of the API Gateway Developer Guide; "not verified" marks
 * behaviour that the documentation leaves open and that was chosen here.
 */
package io.parley.local.gateway;
