/** WebCodecs' Opus: a frame in, a frame out, in order, also after errors. */
import { FRAME_SAMPLES, FRAME_US, SAMPLE_RATE } from './audio.js';

const BITRATE = 32_000;

/**
 * Encodes frames. What belongs to a frame (its level, its time) comes out with its packet.
 *
 * @template T
 */
export class OpusEncoder {
  #out;
  /** @type {{at: number, about: T}[]} */
  #pending = [];
  #at = 0;
  /** @type {AudioEncoder} */
  #encoder;

  /** @param {(packet: Uint8Array, about: T) => void} out */
  constructor(out) {
    this.#out = out;
    this.#encoder = this.#create();
  }

  /**
   * @param {Float32Array} samples
   * @param {T} about
   */
  encode(samples, about) {
    if (this.#encoder.state === 'closed') {
      this.#encoder = this.#create();
    }
    const data = new AudioData({
      format: 'f32-planar',
      sampleRate: SAMPLE_RATE,
      numberOfFrames: FRAME_SAMPLES,
      numberOfChannels: 1,
      timestamp: this.#at,
      data: /** @type {Float32Array<ArrayBuffer>} */ (samples),
    });
    this.#pending.push({ at: this.#at, about });
    this.#at += FRAME_US;
    this.#encoder.encode(data);
    data.close();
  }

  close() {
    if (this.#encoder.state !== 'closed') {
      this.#encoder.close();
    }
  }

  #create() {
    this.#pending = [];
    const encoder = new AudioEncoder({
      output: (chunk) => {
        const packet = new Uint8Array(chunk.byteLength);
        chunk.copyTo(packet);
        // One packet a frame; should one be left out all the same, its number is not used.
        while (this.#pending.length > 0 && this.#pending[0].at < chunk.timestamp - FRAME_US / 2) {
          this.#pending.shift();
        }
        const frame = this.#pending.shift();
        if (frame) {
          this.#out(packet, frame.about);
        }
      },
      error: (failure) => console.warn('The encoder failed and is made anew:', failure.message),
    });
    encoder.configure({
      codec: 'opus',
      sampleRate: SAMPLE_RATE,
      numberOfChannels: 1,
      bitrate: BITRATE,
      // No DTX: it would leave frames out.
      opus: { format: 'opus', frameDuration: FRAME_US, usedtx: false },
    });
    return encoder;
  }
}

/**
 * Decodes packets, and keeps their order with what is to be concealed. A packet that breaks the decoder, or that it makes
 * nothing of, is concealed too, and another decoder goes on.
 */
export class OpusDecoder {
  #out;
  #frameUs;
  /** @type {{at: number, conceal: boolean, cut: boolean}[]} */
  #pending = [];
  #at = 0;
  #failures = 0;
  /** @type {AudioDecoder} */
  #decoder;

  /**
   * @param {(samples: Float32Array | null, cut: boolean) => void} out null is to be concealed; `cut` as it was given
   * @param {number} frameUs of every frame, in µs
   */
  constructor(out, frameUs = FRAME_US) {
    this.#out = out;
    this.#frameUs = frameUs;
    this.#decoder = this.#create();
  }

  get failures() {
    return this.#failures;
  }

  /**
   * @param {Uint8Array} packet
   * @param {boolean} cut passed through
   */
  decode(packet, cut) {
    const at = this.#next(false, cut);
    try {
      this.#decoder.decode(
        new EncodedAudioChunk({
          type: 'key',
          timestamp: at,
          duration: this.#frameUs,
          data: /** @type {Uint8Array<ArrayBuffer>} */ (packet),
        }),
      );
    } catch {
      this.#fail();
    }
  }

  conceal() {
    this.#next(true, false);
    this.#settle();
  }

  close() {
    if (this.#decoder.state !== 'closed') {
      this.#decoder.close();
    }
  }

  #next(/** @type {boolean} */ conceal, /** @type {boolean} */ cut) {
    const at = this.#at;
    this.#at += this.#frameUs;
    this.#pending.push({ at, conceal, cut });
    return at;
  }

  #create() {
    const decoder = new AudioDecoder({
      output: (data) => {
        if (decoder === this.#decoder) {
          this.#decoded(data);
        }
        data.close();
      },
      error: () => {
        if (decoder === this.#decoder) {
          this.#fail();
        }
      },
    });
    decoder.configure({ codec: 'opus', sampleRate: SAMPLE_RATE, numberOfChannels: 1 });
    return decoder;
  }

  #decoded(/** @type {AudioData} */ data) {
    while (this.#pending.length > 0 && this.#pending[0].at < data.timestamp - this.#frameUs / 2) {
      this.#give(null);
    }
    if (this.#pending.length > 0) {
      const samples = new Float32Array(data.numberOfFrames);
      data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      this.#give(samples);
    }
    this.#settle();
  }

  /** What is to be concealed and has nothing before it that is still decoded. */
  #settle() {
    while (this.#pending.length > 0 && this.#pending[0].conceal) {
      this.#give(null);
    }
  }

  #give(/** @type {Float32Array | null} */ samples) {
    const frame = this.#pending.shift();
    if (frame) {
      this.#out(samples, frame.cut);
    }
  }

  #fail() {
    this.#failures++;
    this.close();
    this.#decoder = this.#create();
    while (this.#pending.length > 0) {
      this.#give(null);
    }
  }
}
