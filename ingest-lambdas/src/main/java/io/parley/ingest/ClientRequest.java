package io.parley.ingest;

import io.parley.core.room.Actor;

/**
 * A message that is being served.
 *
 * @param ingestUs when that began, in microseconds since the epoch
 */
record ClientRequest(Sender sender, ClientMessage message, long ingestUs) {

    String room() {
        return message.requireRoom();
    }

    Actor actor() {
        return new Actor(sender.participant(), sender.connection(), message.number());
    }
}
