import { SAMPLE_RATE } from './audio.js';
import { JitterBuffer } from './jitter-buffer.js';
import { OpusDecoder } from './opus.js';
import { isPcm, PcmDecoder } from './pcm.js';

/** So much is decoded ahead of what is heard: enough for the pauses of a busy page. */
const AHEAD_MS = 40;

/** One speaker stream on its way to the ear: jitter buffer, decoder, playout. */
export class Speaker {
  #ahead;
  #frameSamples;
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
   * @param {import('./receiver.js').StreamInfo} info
   * @param {{startMs?: number, minMs?: number}} delay
   */
  constructor(context, destination, info, delay) {
    const frameMs = info.frameUs / 1_000;
    this.#ahead = Math.max(1, Math.round(AHEAD_MS / frameMs));
    this.#frameSamples = Math.round((frameMs * SAMPLE_RATE) / 1_000);
    this.#buffer = new JitterBuffer({ frameMs, ...delay });
    const out = (/** @type {Float32Array | null} */ samples, /** @type {boolean} */ cut) => this.#decoded(samples, cut);
    this.#decoder = isPcm(info.codec) ? new PcmDecoder(out, info.codec) : new OpusDecoder(out, info.frameUs);
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
    while (this.#buffer.outstanding < this.#ahead) {
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
      this.#node.port.postMessage({ conceal: this.#frameSamples });
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
