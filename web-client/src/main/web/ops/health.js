import { iteratorAge, most, sum } from './history.js';

/**
 * @typedef {import('./history.js').History} History
 * @typedef {'well' | 'waiting' | 'watch' | 'trouble'} State
 */

/** What is worth a look; docs/ops-page.md says why. */
export const LIMITS = {
  /** Frames that were lost, late or stale within a minute, in percent of all. */
  missingPercent: 1,
  muchMissingPercent: 5,
  iteratorAgeMs: 1_000,
  wholeWayMs: 300,
  busyPercent: 80,
  backPressuredPercent: 10,
};

/** How far back counts are looked at, in seconds. */
const RECENT = 60;
const LONG = 300;

/** @type {Record<string, string>} */
const FAILURES = {
  voiceStream: 'putting to the voice stream',
  archive: 'keeping a chunk',
  eventBus: 'telling the event bus',
  functions: 'a function',
  broadcast: 'a call of the broadcast Lambda',
  tickLog: 'storing the tick log',
};

/**
 * What to say of the system in one sentence, and what leads to it.
 * @param {History} history
 * @returns {{state: State, sentence: string, reasons: string[]}}
 */
export function assess(history) {
  const now = history.latest;
  if (!now) {
    return { state: 'waiting', sentence: 'The first snapshot is on its way.', reasons: [] };
  }
  /** @type {string[]} */
  const trouble = [];
  /** @type {string[]} */
  const watch = [];
  if (now.job.tasks.length === 0) {
    trouble.push('No task of the Flink job runs here.');
  }
  const restarts = history.growth((s) => s.job.restarts, LONG);
  if (restarts > 0) {
    watch.push(`The job restarted ${times(restarts)} within 5 minutes.`);
  }
  const failedCheckpoints = history.growth((s) => s.job.checkpoints.failed, LONG);
  if (failedCheckpoints > 0) {
    watch.push(`A checkpoint failed ${times(failedCheckpoints)} within 5 minutes.`);
  }
  const missing = missingPercent(history);
  if (missing > LIMITS.missingPercent) {
    (missing > LIMITS.muchMissingPercent ? trouble : watch).push(
      `${missing.toFixed(1)} % of the frames of the last minute were lost, late or stale.`,
    );
  }
  const age = iteratorAge(now) ?? 0;
  if (age > LIMITS.iteratorAgeMs) {
    watch.push(`The job reads ${(age / 1000).toFixed(1)} s behind the voice stream.`);
  }
  const whole = now.hops.WHOLE?.p95 ?? 0;
  if (whole > LIMITS.wholeWayMs) {
    watch.push(`The way from gateway to post takes ${Math.round(whole)} ms at the 95th percentile.`);
  }
  const busy = most(now, 'busyMs') ?? 0;
  if (busy > LIMITS.busyPercent) {
    watch.push(`A task of the job is busy ${Math.round(busy)} % of its time.`);
  }
  const backPressured = most(now, 'backPressuredMs') ?? 0;
  if (backPressured > LIMITS.backPressuredPercent) {
    watch.push(`A task of the job is back-pressured ${Math.round(backPressured)} % of its time.`);
  }
  const dropped = history.growth((s) => s.listeners.dropped + s.listeners.droppedInLanes, RECENT);
  if (dropped > 0) {
    watch.push(`Posts or ticks were dropped ${times(dropped)} within a minute.`);
  }
  for (const [what, name] of Object.entries(FAILURES)) {
    const failed = history.growth((s) => s.failures[what], RECENT);
    if (failed > 0) {
      watch.push(`What failed within a minute: ${name}, ${times(failed)}.`);
    }
  }
  if (trouble.length > 0) {
    return { state: 'trouble', sentence: trouble[0], reasons: [...trouble.slice(1), ...watch] };
  }
  if (watch.length > 0) {
    return { state: 'watch', sentence: watch[0], reasons: watch.slice(1) };
  }
  if (now.speakers === 0 && history.growth((s) => s.counts.framesTaken, RECENT) === 0) {
    return { state: 'waiting', sentence: 'Everything runs; nobody has spoken within the last minute.', reasons: [] };
  }
  const way = whole > 0 ? `, ${Math.round(whole)} ms from gateway to post (p95)` : '';
  return {
    state: 'well',
    sentence: `All is well: ${count(now.speakers, 'speaker')} in ${count(now.rooms, 'room')}${way}.`,
    reasons: [],
  };
}

/**
 * Of the last minute's frames, how many were not played because of their way, in percent.
 * @param {History} history
 */
export function missingPercent(history) {
  const played = history.growth((s) => s.counts.framesPlayed, RECENT);
  const missing = history.growth((s) => sum({ ...s.notPlayed, ...NOT_OF_THE_WAY }), RECENT);
  return missing === 0 ? 0 : (100 * missing) / (played + missing);
}

/** Frames that are not played on purpose, or are there already. */
const NOT_OF_THE_WAY = { duplicate: 0, suppressed: 0, muted: 0, limited: 0 };

/** @param {number} n */
const times = (n) => (n === 1 ? 'once' : `${n} times`);

/** @param {number} n @param {string} what */
const count = (n, what) => `${n} ${what}${n === 1 ? '' : 's'}`;
