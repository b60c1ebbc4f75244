/** Uncompressed voice, as clients of the original protocol send it, brought to the rate of the output. */
import { SAMPLE_RATE } from './audio.js';

/** @type {Record<string, number>} samples a second */
const RATES = { pcm16_16k: 16_000, pcm16_24k: 24_000, pcm16_48k: 48_000 };

/** @param {string} codec as a stream names it */
export function isPcm(codec) {
  return codec in RATES;
}

/**
 * Decodes as {@link import('./opus.js').OpusDecoder} does, at once.
 */
export class PcmDecoder {
  failures = 0;
  #out;
  #factor;
  /** The last sample of the frame before: what the first of the next is reached from. */
  #last = 0;

  /**
   * @param {(samples: Float32Array | null, cut: boolean) => void} out null is to be concealed; `cut` as it was given
   * @param {string} codec
   */
  constructor(out, codec) {
    this.#out = out;
    this.#factor = SAMPLE_RATE / RATES[codec];
  }

  /**
   * @param {Uint8Array} payload samples of 16 bits, the low byte first
   * @param {boolean} cut passed through
   */
  decode(payload, cut) {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const count = payload.byteLength >> 1;
    const samples = new Float32Array(count * this.#factor);
    for (let i = 0; i < count; i++) {
      const next = view.getInt16(2 * i, true) / 32_768;
      for (let step = 1; step <= this.#factor; step++) {
        samples[i * this.#factor + step - 1] = this.#last + ((next - this.#last) * step) / this.#factor;
      }
      this.#last = next;
    }
    this.#out(samples, cut);
  }

  conceal() {
    this.#out(null, false);
  }

  close() {}
}
