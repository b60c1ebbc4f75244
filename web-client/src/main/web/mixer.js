import { isPcm } from './pcm.js';
import { Speaker } from './speaker.js';

/** Brings all speakers of a room to one output, each as loud as the listener wants. */
export class Mixer {
  #context;
  #master;
  /** @type {Map<string, GainNode>} by participant */
  #gains = new Map();
  /** @type {Map<number, {participant: string, speaker: Speaker}>} by stream */
  #speakers = new Map();
  #startMs = 120;

  /** @param {AudioContext} context */
  constructor(context) {
    this.#context = context;
    this.#master = context.createGain();
    this.#master.connect(context.destination);
  }

  /** @param {number} ms how long a speaker who is new is buffered */
  set startMs(ms) {
    this.#startMs = ms;
  }

  set silent(/** @type {boolean} */ silent) {
    this.#master.gain.setTargetAtTime(silent ? 0 : 1, this.#context.currentTime, 0.01);
  }

  /** How long the output itself takes, in ms, as far as the browser says. */
  get outputMs() {
    return (this.#context.baseLatency + (this.#context.outputLatency || 0)) * 1_000;
  }

  /**
   * @param {string} participant
   * @param {number} gain 1 is as spoken
   */
  setGain(participant, gain) {
    this.#gain(participant).gain.setTargetAtTime(gain, this.#context.currentTime, 0.01);
  }

  /**
   * @param {import('./receiver.js').StreamInfo} info
   * @param {import('./jitter-buffer.js').Heard} frame
   */
  play(info, frame) {
    if (info.codec !== 'opus' && !isPcm(info.codec)) {
      return;
    }
    let stream = this.#speakers.get(info.stream);
    if (!stream) {
      const speaker = new Speaker(this.#context, this.#gain(info.participant), info, { startMs: this.#startMs });
      stream = { participant: info.participant, speaker };
      this.#speakers.set(info.stream, stream);
    }
    stream.speaker.push(frame);
  }

  /** @param {string} participant */
  endSpurt(participant) {
    for (const stream of this.#speakers.values()) {
      if (stream.participant === participant) {
        stream.speaker.end();
      }
    }
  }

  /** The streams' numbers are taken by others from now on. */
  forgetStreams() {
    for (const { speaker } of this.#speakers.values()) {
      speaker.close();
    }
    this.#speakers.clear();
  }

  /** @param {string} participant */
  stats(participant) {
    for (const stream of [...this.#speakers.values()].reverse()) {
      if (stream.participant === participant) {
        return stream.speaker.stats;
      }
    }
    return null;
  }

  close() {
    this.forgetStreams();
    this.#master.disconnect();
  }

  #gain(/** @type {string} */ participant) {
    let gain = this.#gains.get(participant);
    if (!gain) {
      gain = this.#context.createGain();
      gain.connect(this.#master);
      this.#gains.set(participant, gain);
    }
    return gain;
  }
}
