/**
 * @typedef {{count: number, p50: number, p95: number, p99: number, max: number}} Percentiles in ms
 *
 * @typedef {object} Task
 * @property {string} name
 * @property {number} parallelism
 * @property {number} [busyMs] of each second; not there where Flink cannot tell
 * @property {number} [backPressuredMs] of each second
 *
 * @typedef {object} Job
 * @property {Task[]} tasks
 * @property {{completed: number, failed: number, lastMs: number, lastBytes: number}} checkpoints
 * @property {Record<string, number>} iteratorAgeMs by shard
 * @property {number} restarts
 * @property {number} roomsInMemory
 * @property {number} ticksWaiting
 * @property {number} spoolBytes
 *
 * @typedef {object} Snapshot counts are since the stack started
 * @property {number} atMs
 * @property {number} connections
 * @property {number} rooms
 * @property {number} speakers
 * @property {Record<string, number>} counts
 * @property {Record<string, number>} notPlayed
 * @property {Record<string, number>} rejected
 * @property {Record<string, number>} refused
 * @property {Record<string, number>} listeners
 * @property {Record<string, number>} failures
 * @property {Record<string, Percentiles>} hops
 * @property {Job} job
 * @property {number} [usdPerHour]
 *
 * @typedef {(snapshot: Snapshot) => number | null | undefined} Reading
 */

/** Rates are means over so many snapshots: one second alone has nine ticks or eleven. */
const RATE_OVER = 5;

/** The snapshots that are kept, the oldest first, and what follows from several of them. */
export class History {
  /** @type {Snapshot[]} */
  #snapshots = [];
  #keptMs;

  /** @param {number} keptMs */
  constructor(keptMs) {
    this.#keptMs = keptMs;
  }

  /** @param {Snapshot[]} more later than those that are there */
  add(more) {
    for (const snapshot of more) {
      const last = this.latest;
      // Counts only go back when it is another stack.
      if (last && snapshot.counts.messagesIn < last.counts.messagesIn) {
        this.#snapshots = [];
      }
      this.#snapshots.push(snapshot);
    }
    const latest = this.latest;
    if (latest) {
      const first = this.#snapshots.findIndex((snapshot) => snapshot.atMs >= latest.atMs - this.#keptMs);
      this.#snapshots.splice(0, first);
    }
  }

  /** @returns {Snapshot | undefined} */
  get latest() {
    return this.#snapshots.at(-1);
  }

  get length() {
    return this.#snapshots.length;
  }

  /** When each snapshot was taken, in s since the epoch. */
  seconds() {
    return this.#snapshots.map((snapshot) => snapshot.atMs / 1000);
  }

  /**
   * What it was at each time; null where it was not known.
   * @param {Reading} reading
   */
  values(reading) {
    return this.#snapshots.map((snapshot) => reading(snapshot) ?? null);
  }

  /**
   * How much more of a count there came a second, at each time.
   * @param {Reading} reading
   */
  rates(reading) {
    return this.#snapshots.map((snapshot, i) => {
      const before = this.#snapshots[Math.max(0, i - RATE_OVER)];
      return before === snapshot
        ? null
        : ((reading(snapshot) ?? 0) - (reading(before) ?? 0)) / ((snapshot.atMs - before.atMs) / 1000);
    });
  }

  /**
   * How much a count has grown within the last seconds.
   * @param {Reading} reading
   * @param {number} seconds
   */
  growth(reading, seconds) {
    const latest = this.latest;
    if (!latest) {
      return 0;
    }
    const before = this.#snapshots.find((snapshot) => snapshot.atMs >= latest.atMs - seconds * 1000) ?? latest;
    return (reading(latest) ?? 0) - (reading(before) ?? 0);
  }
}

/** @param {Record<string, number>} counts */
export const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

/**
 * The most of what tasks say, in percent of their time.
 * @param {Snapshot} snapshot
 * @param {'busyMs' | 'backPressuredMs'} what
 */
export function most(snapshot, what) {
  const known = snapshot.job.tasks.flatMap((task) => task[what] ?? []);
  return known.length === 0 ? null : Math.max(...known) / 10;
}

/** How far the reader is behind the tip of the shard that it is furthest behind, in ms. @param {Snapshot} snapshot */
export const iteratorAge = (snapshot) => {
  const ages = Object.values(snapshot.job.iteratorAgeMs);
  return ages.length === 0 ? null : Math.max(...ages);
};
