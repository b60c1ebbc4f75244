import { FRAME_US } from './audio.js';
import { OpusEncoder } from './opus.js';
import { Speaker } from './speaker.js';

/** The own voice, through the codec and back: nobody else hears it. */
export class Loopback {
  #encoder;
  #speaker;
  #seq = 0;

  /** @param {AudioContext} context */
  constructor(context) {
    const info = { stream: 0, participant: '', codec: 'opus', frameUs: FRAME_US };
    this.#speaker = new Speaker(context, context.destination, info, { startMs: 60 });
    /** @type {OpusEncoder<null>} */
    this.#encoder = new OpusEncoder((payload) => this.#speaker.push({ seq: this.#seq++, level: 0, payload }));
  }

  /** @param {Float32Array} samples */
  frame(samples) {
    this.#encoder.encode(samples, null);
  }

  close() {
    this.#encoder.close();
    this.#speaker.close();
  }
}
