import { FRAME_SAMPLES, FRAME_US } from './audio.js';
import { JitterBuffer } from './jitter-buffer.js';
import { OpusDecoder } from './opus.js';

/** So many frames are decoded ahead of what is heard: enough for the pauses of a busy page. */
const AHEAD = 2;

/** One speaker stream on its way to the ear: jitter buffer, decoder, playout. */
export class Speaker {
  #buffer;
  #decoder;
  #node;
  /** @type {number | undefined} */
  #timer;
  /** @type {Float32Array | null} */
  #cut = null;

  /**
   * @param {AudioContext} context
   * @param {AudioNode} destination
   * @param {{startMs?: number, minMs?: number}} delay
   */
  constructor(context, destination, delay) {
    this.#buffer = new JitterBuffer({ frameMs: FRAME_US / 1_000, ...delay });
    this.#decoder = new OpusDecoder((samples, cut) => this.#decoded(samples, cut));
    this.#node = new AudioWorkletNode(context, 'parley-playout', { numberOfInputs: 0, outputChannelCount: [1] });
    this.#node.port.onmessage = () => {
      this.#buffer.played(performance.now());
      this.#feed();
    };
    this.#node.connect(destination);
  }

  get isPlaying() {
    return this.#buffer.isPlaying;
  }

  get stats() {
    return {
      ...this.#buffer.counts,
      stockMs: this.#buffer.stockMs,
      targetMs: this.#buffer.targetMs,
      decoderFailures: this.#decoder.failures,
    };
  }

  /** @param {import('./jitter-buffer.js').Heard} frame */
  push(frame) {
    this.#buffer.push(frame, performance.now());
    this.#feed();
  }

  /** The spurt is over. */
  end() {
    this.#buffer.end();
  }

  close() {
    window.clearTimeout(this.#timer);
    this.#node.port.onmessage = null;
    this.#node.disconnect();
    this.#decoder.close();
  }

  #feed() {
    const nowMs = performance.now();
    while (this.#buffer.outstanding < AHEAD) {
      const step = this.#buffer.pull(nowMs);
      if (!step) {
        break;
      }
      if (step.kind === 'conceal') {
        this.#decoder.conceal();
      } else {
        this.#decoder.decode(step.frame.payload, step.kind === 'skip');
      }
    }
    const dueMs = this.#buffer.dueInMs(nowMs);
    window.clearTimeout(this.#timer);
    if (dueMs) {
      this.#timer = window.setTimeout(() => this.#feed(), dueMs);
    }
  }

  #decoded(/** @type {Float32Array | null} */ samples, /** @type {boolean} */ cut) {
    if (cut) {
      this.#cut = samples;
      return;
    }
    if (!samples) {
      this.#node.port.postMessage({ conceal: FRAME_SAMPLES });
      return;
    }
    if (this.#cut?.length === samples.length) {
      // Two frames become one, from the first into the second, so that nothing clicks.
      for (let i = 0; i < samples.length; i++) {
        const share = i / samples.length;
        samples[i] = this.#cut[i] * (1 - share) + samples[i] * share;
      }
    }
    this.#cut = null;
    this.#node.port.postMessage({ samples }, [samples.buffer]);
  }
}
