/** One WebSocket as the session uses it: what is sent on it, and which answers it owes. */

const ANSWER_MS = 10_000;
const PING_MS = 15_000;
/** The WebSocket protocol's code of an end that was meant (RFC 6455, 7.4.1). */
const NORMAL = 1000;
/** A socket that takes nothing any more is as good as gone; what waited for longer than a second is not worth sending. */
const MAX_WAITING_BYTES = 16_000;

/**
 * @typedef {{action?: string, [field: string]: any}} Message
 *
 * @typedef {object} LinkOwner
 * @property {(link: Link) => void} opened
 * @property {(link: Link, message: Message) => void} received
 * @property {(link: Link, wasOpen: boolean) => void} ended it did, and not by {@link Link.close}
 * @property {(link: Link, rttMs: number, offsetMs: number) => void} measured
 */

/** What the server refused, or did not answer. */
export class Refusal extends Error {
  /** @param {Message} error */
  constructor(error) {
    super(error.cure ? `${error.text} ${error.cure}` : (error.text ?? 'The server did not answer.'));
    this.code = /** @type {string} */ (error.code ?? 'timeout');
    this.retry = /** @type {string} */ (error.retry ?? 'later');
    this.retryAfterMs = /** @type {number} */ (error.retryAfterMs ?? 1_000);
  }
}

export class Link {
  #socket;
  #owner;
  /** @type {Map<string, {resolve: (message: Message) => void, reject: (why: Refusal) => void, timer: number}>} */
  #requests = new Map();
  #nextId = 0;
  #change = 0;
  #open = false;
  #over = false;
  #unanswered = 0;
  /** @type {number | undefined} */
  #pinger;

  /**
   * @param {string} url
   * @param {string} apiKey
   * @param {string} token of the user
   * @param {LinkOwner} owner
   */
  constructor(url, apiKey, token, owner) {
    this.#owner = owner;
    const target = new URL(url);
    target.searchParams.set('x-api-key', apiKey);
    // A page can set no header: the subprotocol carries the token.
    this.#socket = new WebSocket(target, ['parley.v1', `bearer.${token}`]);
    this.#socket.onopen = () => this.#opened();
    this.#socket.onmessage = ({ data }) => this.#received(data);
    this.#socket.onclose = () => this.#ended();
  }

  get isOpen() {
    return this.#open && !this.#over;
  }

  /**
   * Sends a message and waits for its `accepted`.
   *
   * @param {Message} message
   * @returns {Promise<Message>} rejected with a {@link Refusal}
   */
  request(message) {
    const id = `${++this.#nextId}`;
    return new Promise((resolve, reject) => {
      if (!this.isOpen) {
        reject(new Refusal({ text: 'Not connected.', code: 'not_connected' }));
        return;
      }
      const timer = window.setTimeout(() => {
        this.#requests.delete(id);
        reject(new Refusal({}));
      }, ANSWER_MS);
      this.#requests.set(id, { resolve, reject, timer });
      this.#send({ ...message, id });
    });
  }

  /** The number of the next change: of two that are served in another order the higher holds. */
  nextChange() {
    return ++this.#change;
  }

  /**
   * Sends a message that has no answer; gives false where it was dropped.
   *
   * @param {Message} message
   */
  post(message) {
    if (!this.isOpen || this.#socket.bufferedAmount > MAX_WAITING_BYTES) {
      return false;
    }
    this.#send(message);
    return true;
  }

  ping() {
    this.#unanswered++;
    this.post({ action: 'ping', time: Math.round(performance.timeOrigin + performance.now()) });
  }

  /** @param {string} [reason] */
  close(reason = 'closed') {
    if (!this.#over) {
      this.#over = true;
      this.#settle(reason);
      this.#socket.close(NORMAL, reason);
    }
  }

  #send(/** @type {Message} */ message) {
    this.#socket.send(JSON.stringify(message));
  }

  #opened() {
    if (this.#over) {
      return;
    }
    this.#open = true;
    this.#pinger = window.setInterval(() => {
      // Two pings without an answer: a socket can be dead for minutes before the browser notices.
      if (this.#unanswered >= 2) {
        this.#socket.close();
        this.#ended();
      } else {
        this.ping();
      }
    }, PING_MS);
    this.#owner.opened(this);
    this.ping();
  }

  #received(/** @type {string} */ data) {
    if (this.#over) {
      return;
    }
    /** @type {Message} */
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    this.#unanswered = 0;
    if (message.action === 'pong') {
      this.#pong(message);
      return;
    }
    const request = message.id === undefined ? undefined : this.#requests.get(message.id);
    if (request && (message.action === 'accepted' || message.action === 'error')) {
      this.#requests.delete(message.id);
      window.clearTimeout(request.timer);
      if (message.action === 'accepted') {
        request.resolve(message);
      } else {
        request.reject(new Refusal(message));
      }
      return;
    }
    this.#owner.received(this, message);
  }

  #pong(/** @type {Message} */ message) {
    const nowMs = performance.timeOrigin + performance.now();
    const rttMs = nowMs - message.time;
    if (rttMs >= 0 && rttMs < ANSWER_MS) {
      this.#owner.measured(this, rttMs, message.data.timestamp - (nowMs - rttMs / 2));
    }
  }

  #ended() {
    if (!this.#over) {
      this.#over = true;
      this.#settle('lost');
      this.#owner.ended(this, this.#open);
    }
  }

  #settle(/** @type {string} */ reason) {
    window.clearInterval(this.#pinger);
    for (const { reject, timer } of this.#requests.values()) {
      window.clearTimeout(timer);
      reject(new Refusal({ text: `The connection was ${reason}.`, code: 'not_connected' }));
    }
    this.#requests.clear();
  }
}
