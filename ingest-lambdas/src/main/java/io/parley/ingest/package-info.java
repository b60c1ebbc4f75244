/**
 * The Lambdas behind the WebSocket routes.
 *
 * <p>A handler reads the gateway's event, calls one use case and maps its result; the use cases know the ports of
 * voice-core and nothing of AWS. Everything here is safe for threads, though Lambda gives an environment one event at a
 * time, so that a test or a laptop can serve all events with one handler.
 */
package io.parley.ingest;
