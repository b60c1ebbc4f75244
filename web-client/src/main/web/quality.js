/** How well one speaker is heard, over the last while. */

const KEPT = 10;

/**
 * @typedef {object} Counts all since the beginning
 * @property {number} played
 * @property {number} lost
 * @property {number} late
 */

export class Quality {
  /** @type {Counts[]} */
  #snapshots = [];
  /** From the server's gateway to this page, in ms; null where no trace has come. */
  transitMs = /** @type {number | null} */ (null);

  /** @param {Counts} counts */
  sample(counts) {
    const last = this.#snapshots.at(-1);
    if (last && counts.played < last.played) {
      this.#snapshots = [];
    }
    this.#snapshots.push(counts);
    if (this.#snapshots.length > KEPT) {
      this.#snapshots.shift();
    }
  }

  /**
   * @param {number} otherMs what comes on top of the transit: the speaker's chunk, the buffer, the output
   */
  report(otherMs) {
    const first = this.#snapshots[0];
    const last = this.#snapshots.at(-1);
    if (!first || !last || last.played === 0) {
      return null;
    }
    const lost = last.lost - first.lost;
    const late = last.late - first.late;
    const lossPercent = (100 * lost) / Math.max(1, last.played - first.played + lost);
    const latencyMs = this.transitMs === null ? null : Math.round(this.transitMs + otherMs);
    const penalty =
      (lossPercent > 1 ? 1 : 0) + (lossPercent > 5 ? 1 : 0) + (late > 2 ? 1 : 0) + ((latencyMs ?? 0) > 400 ? 1 : 0);
    return { latencyMs, lossPercent, late, bars: Math.max(1, 4 - penalty) };
  }
}
