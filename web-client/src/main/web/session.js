import { toBase64 } from './bytes.js';
import { Link, Refusal } from './link.js';
import { Receiver } from './receiver.js';

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 30_000;
const JOIN_MS = 10_000;
/** How long the ticks of the old connection are waited for when the new one is joined. */
const CATCH_UP_MS = 2_000;
/** How long the old connection lingers for what was said on it last. */
const LINGER_MS = 1_000;
const REPLACE_EARLY_MS = 600_000;
const MIN_LIFE_MS = 1_000;
const RENEW_EARLY_MS = 60_000;
const MAX_TIMER_MS = 86_400_000;
/** After so many attempts that did not open, the token may be the reason. */
const ATTEMPTS_FOR_A_TOKEN = 3;

/**
 * @typedef {import('./link.js').Message} Message
 *
 * @typedef {object} Credentials
 * @property {(fresh: boolean) => Promise<string>} token of the user; another than before where it is to be fresh
 * @property {() => Promise<string | undefined>} ticket a fresh one for the room, where rooms ask for it
 *
 * @typedef {object} Place where to connect, and as whom
 * @property {string} url
 * @property {string} apiKey
 * @property {Credentials} credentials
 * @property {string} room
 * @property {string} name
 *
 * @typedef {import('./receiver.js').ReceiverListener & {
 *   state: (state: 'connecting' | 'joined' | 'reconnecting' | 'ended', detail: string, retryInMs?: number) => void,
 *   begin: (joined: any) => void,
 *   moved: () => void,
 *   refused: (text: string) => void,
 *   removed: (reason: string, text: string | undefined, until: number | undefined) => void,
 *   measured: (rttMs: number, offsetMs: number) => void,
 * }} SessionListener `begin`: the room was joined on a new connection, and with it begins a new numbering; `moved`:
 *     another connection took the place of the one before
 */

/** Keeps one room joined, over whichever connection there is. */
export class Session {
  #place;
  #listener;
  #receiver;
  /** @type {Link | null} */
  #link = null;
  #joined = false;
  #ended = false;
  #failures = 0;
  #unopened = 0;
  /** @type {{connection: string, resume: string} | null} */
  #membership = null;
  /** @type {{link: Link, joined: any, membership: any, held: any[], limit: number} | null} */
  #handover = null;
  /** @type {number | undefined} */
  #retry;
  /** @type {number | undefined} */
  #joinLimit;
  /** @type {number | undefined} */
  #renewal;
  /** @type {number | undefined} */
  #replacement;

  /** @param {Place} place @param {SessionListener} listener */
  constructor(place, listener) {
    this.#place = place;
    this.#listener = listener;
    this.#receiver = new Receiver(listener);
  }

  get receiver() {
    return this.#receiver;
  }

  get isJoined() {
    return this.#joined;
  }

  start() {
    this.#listener.state('connecting', 'Connecting …');
    void this.#connect();
  }

  /** Connects at once, where it waits to. */
  retryNow() {
    if (!this.#link && !this.#ended) {
      void this.#connect();
    }
  }

  /** Leaves the room and closes. */
  async leave() {
    const link = this.#link;
    const wasJoined = this.#joined;
    this.#end('You left the room.', false);
    if (link && wasJoined) {
      await link.request({ action: 'leave', room: this.#place.room }).catch(() => {});
    }
    link?.close();
  }

  /**
   * Asks something of the room.
   *
   * @param {string} action
   * @param {Record<string, unknown>} [fields]
   * @param {boolean} [numbered] whether it is a change of which the last is to hold
   * @returns {Promise<Message>}
   */
  ask(action, fields = {}, numbered = false) {
    if (!this.#link) {
      return Promise.reject(new Refusal({ text: 'Not connected.', code: 'not_connected' }));
    }
    const n = numbered ? { n: this.#link.nextChange() } : {};
    return this.#link.request({ action, room: this.#place.room, ...n, ...fields });
  }

  /**
   * Mutes or deafens oneself, or ends that.
   *
   * @param {import('./receiver.js').OwnChoice} choice
   * @param {boolean} on
   */
  async choose(choice, on) {
    const made = this.#receiver.choose(choice, on);
    const action = choice === 'selfMuted' ? 'mute' : 'deafen';
    try {
      await this.ask(on ? action : `un${action}`, {}, true);
      made.accepted();
    } catch (refusal) {
      made.refused();
      throw refusal;
    }
  }

  /**
   * @param {string} participant
   * @param {boolean} blocked
   */
  async block(participant, blocked) {
    this.#receiver.setBlocked(participant, blocked);
    try {
      await this.ask(blocked ? 'block' : 'unblock', { participant }, true);
    } catch (refusal) {
      this.#receiver.setBlocked(participant, !blocked);
      throw refusal;
    }
  }

  /**
   * Sends a chunk on the connection that is spoken on; gives false where it was dropped.
   *
   * @param {Uint8Array} chunk
   */
  sendAudio(chunk) {
    return (
      this.#joined &&
      this.#link !== null &&
      this.#link.post({ action: 'sendaudio', room: this.#place.room, chunk: toBase64(chunk) })
    );
  }

  /** Puts another connection in the place of this one, without missing a tick. */
  replaceConnection() {
    if (!this.#handover && this.#joined) {
      void this.#openNext();
    }
  }

  async #connect() {
    window.clearTimeout(this.#retry);
    try {
      const token = await this.#place.credentials.token(this.#unopened >= ATTEMPTS_FOR_A_TOKEN);
      if (!this.#ended && !this.#link) {
        this.#link = this.#open(token);
      }
    } catch (failure) {
      if (failure instanceof Refusal && failure.retry === 'stop') {
        this.#end(failure.message, true);
      } else if (!this.#ended) {
        this.#pause(/** @type {Error} */ (failure).message);
      }
    }
  }

  #open(/** @type {string} */ token) {
    return new Link(this.#place.url, this.#place.apiKey, token, {
      opened: (link) => this.#opened(link),
      received: (link, message) => this.#received(link, message),
      ended: (link, wasOpen) => this.#lost(link, wasOpen),
      measured: (link, rttMs, offsetMs) => {
        if (link === this.#link) {
          this.#listener.measured(rttMs, offsetMs);
        }
      },
    });
  }

  #opened(/** @type {Link} */ link) {
    this.#unopened = 0;
    if (link === this.#link) {
      void this.#join(link);
    } else if (link === this.#handover?.link) {
      void this.#joinNext(link);
    }
  }

  #joinMessage() {
    return { action: 'join', room: this.#place.room, name: this.#place.name };
  }

  async #join(/** @type {Link} */ link) {
    window.clearTimeout(this.#joinLimit);
    this.#joinLimit = window.setTimeout(() => this.#drop(link, 'The room did not answer.'), JOIN_MS);
    try {
      const accepted = await this.#ticketOrResume(link);
      if (link === this.#link) {
        this.#accepted(accepted);
      }
    } catch (failure) {
      if (link !== this.#link || this.#ended) {
        return;
      }
      const refusal = failure instanceof Refusal ? failure : null;
      if (!refusal || refusal.retry === 'later' || refusal.retry === 'reconnect' || refusal.retry === 'join') {
        this.#drop(link, /** @type {Error} */ (failure).message);
      } else {
        this.#end(refusal.message, true);
      }
    }
  }

  async #ticketOrResume(/** @type {Link} */ link) {
    if (this.#membership) {
      const { connection, resume } = this.#membership;
      try {
        return await link.request({ ...this.#joinMessage(), replaces: connection, resume });
      } catch (failure) {
        // The membership is over. Any other refusal is not about it.
        if (!(failure instanceof Refusal) || failure.code !== 'not_joined') {
          throw failure;
        }
        this.#membership = null;
      }
    }
    const ticket = await this.#place.credentials.ticket();
    return link.request(ticket ? { ...this.#joinMessage(), ticket } : this.#joinMessage());
  }

  #accepted(/** @type {Message} */ accepted) {
    this.#membership = accepted.resume ? { connection: accepted.connection, resume: accepted.resume } : null;
    if (accepted.blocked) {
      this.#receiver.block(accepted.blocked);
    }
    this.#planRenewal(accepted.grantUntil);
  }

  #received(/** @type {Link} */ link, /** @type {Message} */ message) {
    if (link !== this.#link) {
      this.#receivedNext(link, message);
      return;
    }
    switch (message.action) {
      case 'joined':
        this.#isJoined(message);
        break;
      case 'tick':
        for (const tick of message.ticks) {
          this.#receiver.tick(tick);
        }
        this.#promoteIfReached();
        break;
      case 'removed':
        this.#end(removal(message), true);
        this.#listener.removed(message.reason, message.text, message.until);
        link.close();
        break;
      case 'error':
        this.#failed(link, message);
        break;
      case 'bye':
        if (message.reconnect === false) {
          this.#end(message.reason === 'suspended' ? 'You are suspended.' : `The server said goodbye: ${message.reason}`, true);
          link.close();
        }
        break;
    }
  }

  #isJoined(/** @type {any} */ joined) {
    window.clearTimeout(this.#joinLimit);
    this.#failures = 0;
    const wasJoined = this.#joined;
    if (wasJoined && !this.#receiver.isDeaf) {
      this.#receiver.refreshed(joined);
    } else {
      this.#receiver.joined(joined);
    }
    this.#planRenewal(joined.grantUntil);
    if (!wasJoined) {
      this.#joined = true;
      this.#planReplacement(joined.reconnectBefore);
      this.#listener.begin(joined);
      this.#listener.state('joined', '');
    }
  }

  #failed(/** @type {Link} */ link, /** @type {Message} */ error) {
    const refusal = new Refusal(error);
    if (refusal.retry === 'stop') {
      this.#end(refusal.message, true);
      link.close();
    } else if (refusal.retry === 'reconnect' || refusal.retry === 'refresh') {
      this.#unopened = refusal.retry === 'refresh' ? ATTEMPTS_FOR_A_TOKEN : this.#unopened;
      this.#drop(link, refusal.message);
    } else if (refusal.retry === 'join' && this.#joined) {
      // The server does not know us any more in this room: once more, from the beginning.
      this.#membership = null;
      this.#drop(link, refusal.message);
    } else {
      this.#listener.refused(refusal.message);
    }
  }

  #drop(/** @type {Link} */ link, /** @type {string} */ why) {
    link.close('given up');
    this.#lost(link, true, why);
  }

  #lost(/** @type {Link} */ link, /** @type {boolean} */ wasOpen, why = 'The connection was lost.') {
    if (link === this.#handover?.link) {
      this.#abandonHandover();
      return;
    }
    if (link !== this.#link || this.#ended) {
      return;
    }
    this.#abandonHandover();
    window.clearTimeout(this.#joinLimit);
    window.clearTimeout(this.#replacement);
    this.#link = null;
    this.#joined = false;
    if (!wasOpen) {
      this.#unopened++;
    }
    this.#pause(wasOpen ? why : 'The server cannot be reached.');
  }

  #pause(/** @type {string} */ why) {
    this.#failures++;
    const wholeMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(20, this.#failures - 1));
    const pauseMs = wholeMs * (0.5 + Math.random() / 2);
    this.#listener.state('reconnecting', why, pauseMs);
    this.#retry = window.setTimeout(() => void this.#connect(), pauseMs);
  }

  #end(/** @type {string} */ why, /** @type {boolean} */ tell) {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#joined = false;
    this.#abandonHandover();
    for (const timer of [this.#retry, this.#joinLimit, this.#renewal, this.#replacement]) {
      window.clearTimeout(timer);
    }
    if (tell) {
      this.#listener.state('ended', why);
      this.#link?.close();
    }
  }

  // The membership's end

  #planRenewal(/** @type {number | undefined} */ grantUntil) {
    window.clearTimeout(this.#renewal);
    if (!grantUntil) {
      return;
    }
    const leftMs = grantUntil - Date.now();
    const dueMs = Math.max(MIN_LIFE_MS, leftMs - Math.min(RENEW_EARLY_MS, leftMs / 2));
    this.#renewal = window.setTimeout(
      () => (dueMs > MAX_TIMER_MS ? this.#planRenewal(grantUntil) : void this.#renew()),
      Math.min(dueMs, MAX_TIMER_MS),
    );
  }

  async #renew() {
    if (!this.#joined) {
      return;
    }
    try {
      const ticket = await this.#place.credentials.ticket();
      const proof = ticket ? { ticket } : { token: await this.#place.credentials.token(true) };
      const accepted = await this.ask('renew', proof);
      this.#planRenewal(accepted.grantUntil);
    } catch (failure) {
      this.#listener.refused(`Your stay could not be prolonged: ${/** @type {Error} */ (failure).message}`);
    }
  }

  // The next connection

  #planReplacement(/** @type {number} */ reconnectBefore) {
    const leftMs = reconnectBefore - Date.now();
    window.clearTimeout(this.#replacement);
    // Where it has passed already this machine's clock is wrong: the connection is replaced when it is lost.
    if (leftMs > 0) {
      const earlyMs = (Math.min(REPLACE_EARLY_MS, leftMs / 4) * (1 + Math.random())) / 2;
      this.#replacement = window.setTimeout(() => this.replaceConnection(), Math.max(MIN_LIFE_MS, leftMs - earlyMs));
    }
  }

  async #openNext() {
    try {
      const token = await this.#place.credentials.token(false);
      if (!this.#joined || this.#handover) {
        return;
      }
      const link = this.#open(token);
      const limit = window.setTimeout(() => this.#abandonHandover(), JOIN_MS);
      this.#handover = { link, joined: null, membership: null, held: [], limit };
    } catch {
      this.#planAnotherAttempt();
    }
  }

  async #joinNext(/** @type {Link} */ link) {
    try {
      const accepted = await this.#ticketOrResume(link);
      if (link === this.#handover?.link) {
        this.#handover.membership = accepted;
        this.#promoteIfReached();
      }
    } catch {
      if (link === this.#handover?.link) {
        this.#abandonHandover();
      }
    }
  }

  /** Until it is the only one, what the next connection brings is held: the old one may not have brought all before. */
  #receivedNext(/** @type {Link} */ link, /** @type {Message} */ message) {
    const handover = this.#handover;
    if (link !== handover?.link) {
      return;
    }
    if (message.action === 'joined') {
      handover.joined = message;
      window.clearTimeout(handover.limit);
      handover.limit = window.setTimeout(() => this.#promote(), CATCH_UP_MS);
      this.#promoteIfReached();
    } else if (message.action === 'tick') {
      handover.held.push(...message.ticks);
    } else if (message.action === 'error') {
      this.#abandonHandover();
    }
  }

  #promoteIfReached() {
    const handover = this.#handover;
    if (handover?.joined && handover.membership && this.#receiver.hasReached(handover.joined)) {
      this.#promote();
    }
  }

  #promote() {
    const handover = this.#handover;
    if (!handover) {
      return;
    }
    const old = this.#link;
    // The owner ends its spurt on the old connection, then numbers anew.
    this.#listener.moved();
    this.#handover = null;
    window.clearTimeout(handover.limit);
    this.#link = handover.link;
    window.setTimeout(() => old?.close(), LINGER_MS);
    if (handover.membership) {
      this.#accepted(handover.membership);
    }
    if (this.#receiver.hasReached(handover.joined) && !this.#receiver.isDeaf) {
      this.#receiver.refreshed(handover.joined);
    } else {
      this.#receiver.joined(handover.joined);
    }
    handover.held.forEach((tick) => this.#receiver.tick(tick));
    this.#planReplacement(handover.joined.reconnectBefore);
    this.#listener.begin(handover.joined);
  }

  #abandonHandover() {
    const handover = this.#handover;
    if (handover) {
      this.#handover = null;
      window.clearTimeout(handover.limit);
      handover.link.close();
      this.#planAnotherAttempt();
    }
  }

  #planAnotherAttempt() {
    if (this.#joined) {
      window.clearTimeout(this.#replacement);
      this.#replacement = window.setTimeout(() => this.replaceConnection(), MAX_PAUSE_MS * (0.5 + Math.random() / 2));
    }
  }
}

/** @param {Message} message */
function removal(message) {
  const text = message.text ? ` (${message.text})` : '';
  switch (message.reason) {
    case 'kicked':
      return `A moderator took you out of the room${text}.`;
    case 'banned':
      return `A moderator banned you from the room${text}.`;
    case 'expired':
      return 'Your permission to be in this room has ended.';
    case 'revoked':
      return 'The game took your permission for this room back.';
    case 'suspended':
      return 'You are suspended.';
    default:
      return `You are out of the room: ${message.reason}${text}.`;
  }
}
