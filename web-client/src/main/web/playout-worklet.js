import { Concealment } from './concealment.js';

/** Over so many samples a voice that comes back after concealment is blended in. */
const BLEND = 240;

/**
 * Plays one speaker: frames in the order in which they are posted. `{samples}` is a frame, `{conceal: n}` stands for n
 * samples that never came. Where nothing is left it conceals by itself, and soon falls silent. Each message that was
 * played whole is answered by one.
 */
class Playout extends AudioWorkletProcessor {
  /** @type {{samples?: Float32Array, conceal?: number}[]} */
  #queue = [];
  #at = 0;
  #concealing = true;
  #blend = 0;
  #concealment = new Concealment();

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      this.#queue.push(data);
    };
  }

  /**
   * @param {Float32Array[][]} _inputs
   * @param {Float32Array[][]} outputs
   */
  process(_inputs, outputs) {
    const out = outputs[0][0];
    for (let i = 0; i < out.length; i++) {
      out[i] = this.#next();
    }
    if (!this.#concealing && this.#blend === 0) {
      this.#concealment.remember(out);
    }
    return true;
  }

  #next() {
    const head = this.#queue[0];
    if (!head) {
      // After the end of a spurt as well: it fades out where a cut would click.
      this.#concealing = true;
      return this.#concealment.next();
    }
    const length = head.samples ? head.samples.length : (head.conceal ?? 0);
    let sample;
    if (head.samples) {
      if (this.#concealing) {
        this.#concealing = false;
        this.#blend = BLEND;
      }
      sample = head.samples[this.#at];
      if (this.#blend > 0) {
        const share = this.#blend-- / BLEND;
        sample = sample * (1 - share) + this.#concealment.next() * share;
      }
    } else {
      this.#concealing = true;
      sample = this.#concealment.next();
    }
    if (++this.#at >= length) {
      this.#queue.shift();
      this.#at = 0;
      this.port.postMessage(1);
    }
    return sample;
  }
}

registerProcessor('parley-playout', Playout);
