/**
 * What is played in place of a frame that did not come: the last period of the voice again and again, fading out. Opus
 * in the browser offers no concealment of its own.
 */

const MIN_PERIOD = 120;
const MAX_PERIOD = 720;
const COMPARED = 480;
/** After so many samples of it there is silence. */
const FADE = 4_800;

/** The samples at 48 kHz that were played last, and what would follow them. */
export class Concealment {
  #history = new Float32Array(MAX_PERIOD + COMPARED);
  #period = 0;
  #at = 0;

  /** @param {Float32Array} samples that were played; not more than fit into the history */
  remember(samples) {
    this.#history.copyWithin(0, samples.length);
    this.#history.set(samples, this.#history.length - samples.length);
    this.#period = 0;
    this.#at = 0;
  }

  /** The next sample where none has come. */
  next() {
    if (this.#period === 0) {
      this.#period = period(this.#history);
      this.#at = 0;
    }
    const gain = 1 - this.#at / FADE;
    if (gain <= 0) {
      return 0;
    }
    const start = this.#history.length - this.#period;
    return gain * gain * this.#history[start + (this.#at++ % this.#period)];
  }
}

/**
 * The lag at which the end of the samples is most like what was before.
 *
 * @param {Float32Array} samples
 */
function period(samples) {
  let best = MIN_PERIOD;
  let bestLikeness = -Infinity;
  const end = samples.length;
  for (let lag = MIN_PERIOD; lag <= MAX_PERIOD; lag += 2) {
    let product = 0;
    let energy = 1e-9;
    // Every fourth sample: a voice's period shows at 12 kHz too, and this runs on the audio thread.
    for (let i = end - COMPARED; i < end; i += 4) {
      product += samples[i] * samples[i - lag];
      energy += samples[i - lag] * samples[i - lag];
    }
    const likeness = product / Math.sqrt(energy);
    if (likeness > bestLikeness) {
      bestLikeness = likeness;
      best = lag;
    }
  }
  return best;
}
