import { ahead } from './played-window.js';

/** Missing numbers up to so many are concealed; over more the speaker falls silent. */
const MAX_CONCEALED = 5;
/** What has waited for so long is not worth hearing. */
const MAX_BUFFERED_MS = 2_000;
/** Who fell dry for so long has paused: they begin anew instead of going on at once. */
const PAUSE_MS = 500;
/** Over how much speech the stock is watched before some of it is taken away. */
const WINDOW_MS = 6_000;
/** Quieter than that (-dBov) a missing frame is hardly heard. */
const QUIET_LEVEL = 42;
/** A stock that is so much too large is drained in speech as well. */
const BACKLOG_MS = 200;
/** After this long, and not only after the whole window. */
const BACKLOG_WINDOW_MS = 1_000;
const MAX_GUARD_MS = 160;
/** Longer than that a gap is not made: what is concealed has faded out then. */
const MAX_HOLD_MS = 60;
/** What is left of the guard after a window in which it was not needed: half after some seventy seconds. */
const GUARD_KEPT = 0.94;
/** Less than that too much is not worth a skip. */
const SPARE_MS = 40;

/**
 * @typedef {object} Heard
 * @property {number} seq
 * @property {number} level in -dBov
 * @property {Uint8Array} payload
 *
 * @typedef {{kind: 'frame', frame: Heard} | {kind: 'skip', frame: Heard} | {kind: 'conceal'}} Step what to play next: a
 *     frame; nothing of a frame, though the decoder needs it; or something in place of a frame that never came
 */

/**
 * One speaker's encoded frames on their way to the decoder: puts them in order, and lets them go at the pace at which
 * they were spoken.
 *
 * Playing begins `targetMs` after the first frame of a spurt. A frame that comes too late holds up those behind it, so
 * the delay grows at once, and by a little more: the next one may be later still, and one gap is heard less than three
 * small ones. It shrinks when there was more in stock than needed for a while: then frames are skipped, the
 * quiet ones if there is time.
 *
 * Time is passed in. The owner reports what the output has played, so that frames are let go just in time.
 */
export class JitterBuffer {
  #frameMs;
  #minMs;
  #maxMs;
  /** @type {Map<number, Heard>} */
  #frames = new Map();
  #next = 0;
  #playing = false;
  #ended = false;
  #firstAtMs = 0;
  /** Frames that were let go and not reported as played. */
  #out = 0;
  #dryAtMs = 0;
  /** Until then nothing is let go, since the output ran dry. */
  #holdUntilMs = 0;
  #lowMs = Infinity;
  #windowAtMs = 0;
  #guardMs;
  #toSkip = 0;
  #late = 0;
  #concealed = 0;
  #skipped = 0;
  #played = 0;

  /** How long the next spurt waits before it is played. */
  targetMs;

  /** @param {{frameMs?: number, startMs?: number, minMs?: number, maxMs?: number}} options */
  constructor({ frameMs = 20, startMs = 120, minMs = 20, maxMs = 400 } = {}) {
    this.#frameMs = frameMs;
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#guardMs = minMs;
    this.targetMs = Math.min(maxMs, Math.max(minMs, startMs));
  }

  /** How much is between the network and the ear, in ms. */
  get stockMs() {
    return (this.#frames.size + this.#out) * this.#frameMs;
  }

  get outstanding() {
    return this.#out;
  }

  get isPlaying() {
    return this.#playing;
  }

  get counts() {
    return { played: this.#played, late: this.#late, concealed: this.#concealed, skipped: this.#skipped };
  }

  /**
   * Takes a frame in. One that comes after its place was played is counted and dropped.
   *
   * @param {Heard} frame
   * @param {number} nowMs
   */
  push(frame, nowMs) {
    if (this.#playing && ahead(frame.seq, this.#next) < 0) {
      this.#late++;
      return;
    }
    if (this.#playing) {
      this.#measure(nowMs);
    }
    if (!this.#playing && this.#frames.size === 0) {
      this.#firstAtMs = nowMs;
      this.#ended = false;
    }
    this.#frames.set(frame.seq, frame);
    if (this.#frames.size * this.#frameMs > MAX_BUFFERED_MS) {
      const first = this.#first();
      this.#frames.delete(first);
      this.#next = (first + 1) >>> 0;
      this.#skipped++;
    }
  }

  /** The spurt is over: what is buffered is the rest of it. */
  end() {
    this.#ended = true;
    if (this.#frames.size === 0) {
      this.#pause();
    }
  }

  /** In how many ms playing begins or goes on; 0 if it does, or may; null where nothing waits. */
  dueInMs(/** @type {number} */ nowMs) {
    if (this.#playing) {
      return Math.max(0, this.#holdUntilMs - nowMs);
    }
    return this.#frames.size === 0 ? null : Math.max(0, this.#firstAtMs + this.targetMs - nowMs);
  }

  /**
   * What to play next.
   *
   * @param {number} nowMs
   * @returns {Step | null} null where there is nothing yet
   */
  pull(nowMs) {
    if (!this.#playing) {
      if (this.dueInMs(nowMs) !== 0) {
        return null;
      }
      this.#begin(nowMs);
    }
    if (nowMs < this.#holdUntilMs) {
      return null;
    }
    const frame = this.#frames.get(this.#next);
    if (frame) {
      this.#frames.delete(this.#next);
      this.#next = (this.#next + 1) >>> 0;
      if (this.#mayBeSkipped(frame)) {
        this.#toSkip--;
        this.#skipped++;
        return { kind: 'skip', frame };
      }
      this.#played++;
      return this.#letGo({ kind: 'frame', frame });
    }
    if (this.#frames.size > 0) {
      const first = this.#first();
      if (ahead(first, this.#next) > MAX_CONCEALED) {
        this.#next = first;
        return this.pull(nowMs);
      }
      this.#next = (this.#next + 1) >>> 0;
      this.#concealed++;
      return this.#letGo({ kind: 'conceal' });
    }
    if (this.#ended) {
      this.#pause();
    }
    return null;
  }

  /** The output has played one that {@link pull} let go. */
  played(/** @type {number} */ nowMs) {
    if (this.#out > 0 && --this.#out === 0) {
      this.#dryAtMs = nowMs;
    }
  }

  #letGo(/** @type {Step} */ step) {
    this.#out++;
    return step;
  }

  #begin(/** @type {number} */ nowMs) {
    const first = this.#first();
    // Within a spurt numbers that lack were lost; between spurts they do not jump, so what lacks was not to be heard.
    this.#next = first;
    this.#playing = true;
    this.#dryAtMs = nowMs;
    this.#lowMs = Infinity;
    this.#windowAtMs = nowMs;
    this.#toSkip = 0;
    this.#holdUntilMs = 0;
  }

  #pause() {
    if (this.#playing) {
      this.#adapt();
    }
    this.#playing = false;
    this.#ended = false;
  }

  /** Looks at the stock just before more comes in, when it is lowest. */
  #measure(/** @type {number} */ nowMs) {
    const dryMs = this.stockMs === 0 ? nowMs - this.#dryAtMs : 0;
    if (dryMs > PAUSE_MS) {
      this.#playing = false;
      return;
    }
    if (dryMs > 0) {
      this.#late++;
      this.#guardMs = Math.min(MAX_GUARD_MS, Math.max(this.#guardMs + this.#frameMs, dryMs));
      this.targetMs = Math.min(this.#maxMs, this.targetMs + dryMs + this.#frameMs);
      this.#holdUntilMs = nowMs + Math.min(MAX_HOLD_MS, this.#guardMs);
      this.#lowMs = Infinity;
      this.#windowAtMs = nowMs;
      this.#toSkip = 0;
      return;
    }
    this.#lowMs = Math.min(this.#lowMs, this.stockMs);
    const isBacklog = this.#lowMs - this.#guardMs >= BACKLOG_MS;
    if (nowMs - this.#windowAtMs >= (isBacklog ? BACKLOG_WINDOW_MS : WINDOW_MS)) {
      this.#adapt();
      this.#guardMs = Math.max(this.#minMs, this.#guardMs * GUARD_KEPT);
      this.#lowMs = Infinity;
      this.#windowAtMs = nowMs;
    }
  }

  #adapt() {
    const spareMs = this.#lowMs - this.#guardMs;
    if (Number.isFinite(spareMs) && spareMs >= SPARE_MS) {
      this.#toSkip = Math.floor(spareMs / this.#frameMs);
      this.targetMs = Math.max(this.#minMs, this.targetMs - this.#toSkip * this.#frameMs);
    } else {
      this.#toSkip = 0;
    }
  }

  #mayBeSkipped(/** @type {Heard} */ frame) {
    return this.#toSkip > 0 && (frame.level >= QUIET_LEVEL || this.#toSkip * this.#frameMs >= BACKLOG_MS);
  }

  #first() {
    let first = /** @type {number | null} */ (null);
    for (const seq of this.#frames.keys()) {
      if (first === null || ahead(seq, first) < 0) {
        first = seq;
      }
    }
    return /** @type {number} */ (first);
  }
}
