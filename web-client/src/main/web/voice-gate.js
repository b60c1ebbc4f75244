/** @typedef {'ptt' | 'voice' | 'open'} TalkMode push-to-talk, voice activation, or an open microphone */

/** How long speech may pause within a spurt. */
const HANG_MS = 300;
/** So much quieter than what opened the gate may be what keeps it open. */
const HYSTERESIS_DB = 6;

/**
 * Decides of each captured frame whether it is sent, and where talk spurts begin and end.
 *
 * Opus's own DTX is no help: it leaves frames out, and with them their numbers and times.
 */
export class VoiceGate {
  /** @type {TalkMode} */
  mode = 'voice';
  /** In dBov: what is louder opens the gate. */
  thresholdDb = -45;
  /** Whether the key is held down, for push-to-talk. */
  pressed = false;
  muted = false;

  #frameMs;
  #open = false;
  #quietMs = 0;

  /** @param {{frameMs?: number}} options */
  constructor({ frameMs = 20 } = {}) {
    this.#frameMs = frameMs;
  }

  get isOpen() {
    return this.#open;
  }

  /**
   * @param {number} levelDb of the next frame, in dBov: 0 is the loudest
   * @returns {'first' | 'more' | 'last' | 'none'} its place in a spurt; 'none' is not sent
   */
  next(levelDb) {
    const was = this.#open;
    this.#open = !this.muted && this.#wants(levelDb);
    if (this.#open) {
      return was ? 'more' : 'first';
    }
    this.#quietMs = 0;
    return was ? 'last' : 'none';
  }

  /** @param {number} levelDb */
  #wants(levelDb) {
    if (this.mode !== 'voice') {
      return this.mode === 'open' || this.pressed;
    }
    if (!this.#open) {
      return levelDb > this.thresholdDb;
    }
    this.#quietMs = levelDb > this.thresholdDb - HYSTERESIS_DB ? 0 : this.#quietMs + this.#frameMs;
    return this.#quietMs < HANG_MS;
  }
}

/**
 * How loud samples are, in dBov: 0 is a square wave of full scale, -127 silence.
 *
 * @param {Float32Array} samples
 */
export function levelDb(samples) {
  let sum = 0;
  for (const sample of samples) {
    sum += sample * sample;
  }
  return sum === 0 ? -127 : Math.max(-127, Math.min(0, 10 * Math.log10(sum / samples.length)));
}
