/**
 * The Parley client SDK: connects to a deployment, joins rooms, speaks and listens, and comes back when the connection
 * is lost. Begin with {@link io.parley.client.VoiceClient}. The protocol is docs/protocol.md; audio is handed over as it
 * is on the wire (Opus packets or PCM), coding and playing it is up to the application.
 */
package io.parley.client;
