import { FRAME_US } from './audio.js';
import { encodeChunk, END_OF_SPURT, OPUS, PUSH_TO_TALK, TRACE } from './chunk.js';
import { OpusEncoder } from './opus.js';
import { levelDb, VoiceGate } from './voice-gate.js';

/** So much from before the gate opened is sent too, or the first consonant would be cut off. */
const LEAD_FRAMES = 2;
/** One chunk in so many asks for its hop times, for the listeners to see how long the way is. */
const TRACED_EVERY = 20;

/** @typedef {{level: number, capturedMs: number, last: boolean}} About */

/** The speaking side: captured frames in, chunks out. Numbers frames by itself, one up for each, over all spurts. */
export class Talk {
  gate = new VoiceGate();
  /** Frames in a chunk. */
  chunkFrames = 5;

  #send;
  #encoder;
  #seq = 0;
  #offset = 0;
  #chunks = 0;
  /** @type {(About & {payload: Uint8Array})[]} */
  #collected = [];
  /** @type {{samples: Float32Array, level: number, capturedMs: number}[]} */
  #lead = [];
  #wasOpen = false;
  #spoken;

  /**
   * @param {(chunk: Uint8Array) => void} send
   * @param {(speaking: boolean) => void} spoken a spurt begins or ends
   */
  constructor(send, spoken) {
    this.#send = send;
    this.#spoken = spoken;
    /** @type {OpusEncoder<About>} */
    this.#encoder = new OpusEncoder((payload, about) => this.#encoded(payload, about));
    this.begin();
  }

  /** A new connection is a new numbering, and a new spurt. */
  begin() {
    this.#collected = [];
    this.#seq = Math.floor(Math.random() * 2 ** 32);
    this.#offset = 0;
  }

  /** Sends what is collected as the end of the spurt: what follows is said over another connection. */
  endSpurt() {
    this.#flush(true);
  }

  /**
   * @param {Float32Array} samples of one frame
   * @param {number} capturedMs
   */
  frame(samples, capturedMs) {
    const db = levelDb(samples);
    const level = Math.min(127, Math.round(-db));
    const place = this.gate.next(db);
    if (place === 'none') {
      this.#lead.push({ samples, level, capturedMs });
      if (this.#lead.length > LEAD_FRAMES) {
        this.#lead.shift();
      }
    } else {
      if (place === 'first' && this.gate.mode === 'voice') {
        for (const early of this.#lead) {
          this.#encoder.encode(early.samples, { level: early.level, capturedMs: early.capturedMs, last: false });
        }
      }
      this.#lead = [];
      this.#encoder.encode(samples, { level, capturedMs, last: place === 'last' });
    }
    if (this.gate.isOpen !== this.#wasOpen) {
      this.#wasOpen = this.gate.isOpen;
      this.#spoken(this.#wasOpen);
    }
  }

  close() {
    this.#encoder.close();
  }

  #encoded(/** @type {Uint8Array} */ payload, /** @type {About} */ about) {
    this.#collected.push({ payload, ...about });
    if (about.last || this.#collected.length >= this.chunkFrames) {
      this.#flush(about.last);
    }
  }

  #flush(/** @type {boolean} */ last) {
    const frames = this.#collected;
    if (frames.length > 0) {
      const flags =
        (last ? END_OF_SPURT : 0) |
        (this.gate.mode === 'ptt' ? PUSH_TO_TALK : 0) |
        (this.#chunks++ % TRACED_EVERY === 0 ? TRACE : 0);
      this.#send(
        encodeChunk({
          codec: OPUS,
          flags,
          seq: this.#seq,
          offset: this.#offset,
          frameUs: FRAME_US,
          captureMs: frames[0].capturedMs,
          frames,
        }),
      );
      this.#seq = (this.#seq + frames.length) >>> 0;
      this.#offset += frames.length;
      this.#collected = [];
    }
    if (last) {
      this.#offset = 0;
    }
  }
}
