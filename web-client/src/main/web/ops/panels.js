import { bytes, plain } from './charts.js';
import { missingPercent } from './health.js';
import { iteratorAge, most, sum } from './history.js';

/**
 * @typedef {import('./history.js').History} History
 * @typedef {import('./history.js').Reading} Reading
 * @typedef {import('./charts.js').Line} Line
 * @typedef {import('./charts.js').ChartSpec} ChartSpec
 */

/** The hops in the order of the way, by the names of the data. */
export const HOPS = /** @type {const} */ ([
  ['GATEWAY', 'gateway → ingest'],
  ['INGEST', 'ingest → stream'],
  ['STREAM', 'stream → job'],
  ['TICK', 'job → tick'],
  ['BROADCAST', 'tick → broadcast'],
  ['POST', 'broadcast → post'],
  ['ANSWER', 'post → gateway'],
]);

/** Why frames are not played, by the names of the data. */
export const NOT_PLAYED = /** @type {const} */ ([
  ['lost', 'lost', 'never came; its place was given up'],
  ['late', 'late', 'came after its place was given up'],
  ['stale', 'stale', 'older than the playout deadline'],
  ['duplicate', 'duplicate', 'was there before'],
  ['suppressed', 'over the limit of voices', 'others were louder'],
  ['muted', 'muted', 'its speaker may not speak'],
  ['limited', 'over the rate', 'more than its speaker may send'],
]);

/** What becomes of posts that do not arrive, by the names of the data. */
export const LISTENERS = /** @type {const} */ ([
  ['gone', 'gone', 'the connection had ended (410)'],
  ['slow', 'slow', 'its buffer was full, or too many posts (429)'],
  ['retried', 'tried again', 'failed once, and was posted once more'],
  ['dropped', 'dropped', 'not delivered in time'],
  ['tooLarge', 'too large', 'over 128 KB'],
  ['droppedInLanes', 'dropped in the job', 'waited too long for the broadcast Lambda'],
]);

/** @param {string} label @param {Reading} reading @returns {Line} */
const value = (label, reading) => ({ label, values: (history) => history.values(reading) });

/** @param {string} label @param {Reading} reading @returns {Line} */
const rate = (label, reading) => ({ label, values: (history) => history.rates(reading) });

/** @param {string} name of a chain of operators */
const short = (name) => name.replace(/^Source: /, '').replaceAll(' -> ', ' + ');

/** @param {(number | null)[]} values */
const last = (values) => values.at(-1) ?? null;

/** @type {Reading} */
const usdPerHour = (snapshot) => snapshot.usdPerHour;

/** The tile and the chart of the cost: for a stack that estimates it. */
export const COST_TILE = {
  label: 'Cost, estimated',
  unit: '$ / hour',
  value: (/** @type {History} */ h) => usdPerHour(/** @type {any} */ (h.latest)) ?? null,
  line: (/** @type {History} */ h) => h.values(usdPerHour),
};

/** @type {ChartSpec} */
export const COST_CHART = {
  title: 'Estimated cost',
  unit: '$ per hour',
  explains: 'What the last half minute, and the deployment itself, would cost on AWS by list prices.',
  lines: () => [value('cost', usdPerHour)],
  least: 0.1,
};

export const TILES = [
  {
    label: 'Rooms',
    unit: 'in use',
    value: (/** @type {History} */ h) => h.latest?.rooms ?? null,
    line: (/** @type {History} */ h) => h.values((s) => s.rooms),
  },
  {
    label: 'Speaking',
    unit: 'now',
    value: (/** @type {History} */ h) => h.latest?.speakers ?? null,
    line: (/** @type {History} */ h) => h.values((s) => s.speakers),
  },
  {
    label: 'Frames played',
    unit: '/ s',
    value: (/** @type {History} */ h) => last(h.rates((s) => s.counts.framesPlayed)),
    line: (/** @type {History} */ h) => h.rates((s) => s.counts.framesPlayed),
  },
  {
    label: 'Ticks',
    unit: '/ s',
    value: (/** @type {History} */ h) => last(h.rates((s) => s.counts.ticks)),
    line: (/** @type {History} */ h) => h.rates((s) => s.counts.ticks),
  },
  {
    label: 'Posts',
    unit: '/ s',
    value: (/** @type {History} */ h) => last(h.rates((s) => s.counts.posts)),
    line: (/** @type {History} */ h) => h.rates((s) => s.counts.posts),
  },
  {
    label: 'To the post, p95',
    unit: 'ms',
    value: (/** @type {History} */ h) => h.latest?.hops.WHOLE?.p95 ?? null,
    line: (/** @type {History} */ h) => h.values((s) => s.hops.WHOLE?.p95),
  },
  {
    label: 'Frames missing',
    unit: '%',
    value: missingPercent,
    line: (/** @type {History} */ h) => h.rates((s) => s.notPlayed.lost + s.notPlayed.late + s.notPlayed.stale),
  },
  {
    label: 'Busiest task',
    unit: '%',
    value: (/** @type {History} */ h) => (h.latest ? most(h.latest, 'busyMs') : null),
    line: (/** @type {History} */ h) => h.values((s) => most(s, 'busyMs')),
  },
];

/** @type {{title: string, explains: string, charts: ChartSpec[], details: string}[]} */
export const GROUPS = [
  {
    title: 'Traffic',
    explains: 'What people say, and what the system makes of it.',
    details: '',
    charts: [
      {
        title: 'Frames',
        unit: 'per second',
        explains: 'Taken in by ingest, and played to the rooms. One voice is 50 a second.',
        lines: () => [rate('taken in', (s) => s.counts.framesTaken), rate('played', (s) => s.counts.framesPlayed)],
      },
      {
        title: 'Ticks and posts',
        unit: 'per second',
        explains: 'A tick bundles a room’s frames; each goes to every listener as one post. Answers to clients are posts too.',
        lines: () => [rate('ticks', (s) => s.counts.ticks), rate('posts', (s) => s.counts.posts)],
      },
      {
        title: 'Rooms and people',
        unit: 'now',
        explains: 'Rooms with a tick within ten seconds, voices heard within two, and open connections.',
        lines: () => [
          value('rooms', (s) => s.rooms),
          value('speaking', (s) => s.speakers),
          value('connections', (s) => s.connections),
        ],
        least: 4,
      },
      {
        title: 'Bytes at the gateway',
        unit: 'per second',
        explains: 'JSON text as it goes over the WebSockets.',
        lines: () => [rate('in', (s) => s.counts.bytesIn), rate('out', (s) => s.counts.bytesOut)],
        format: bytes,
        least: 1_000,
      },
    ],
  },
  {
    title: 'Latency',
    explains:
      'Of chunks whose sender asked for a trace, over the last ten seconds. What lies before the gateway and behind it only clients can see.',
    details: 'hops',
    charts: [
      {
        title: 'From gateway to post',
        unit: 'ms',
        explains: 'From the gateway’s receipt of a chunk until its tick is posted, with the wait for the tick.',
        lines: () => [
          value('p50', (s) => s.hops.WHOLE?.p50),
          value('p95', (s) => s.hops.WHOLE?.p95),
          value('p99', (s) => s.hops.WHOLE?.p99),
        ],
        least: 20,
      },
      {
        title: 'Each hop, p95',
        unit: 'ms',
        explains: 'The wait for the tick is there by design; what else grows is where the time goes.',
        lines: () => HOPS.map(([hop, label]) => value(label, (s) => s.hops[hop]?.p95)),
        least: 20,
      },
    ],
  },
  {
    title: 'What did not arrive',
    explains: 'Every frame, message and post that was not played, taken or delivered is counted by its reason.',
    details: 'reasons',
    charts: [
      {
        title: 'Frames not played',
        unit: 'per second',
        explains: 'Lost, late and stale are the network’s or a pause’s doing; the others are rules of the room.',
        lines: () => NOT_PLAYED.map(([name, label]) => rate(label, (s) => s.notPlayed[name])),
      },
      {
        title: 'Refused and rejected',
        unit: 'per second',
        explains: 'Messages that ingest refused and told their sender, and records that the job put aside.',
        lines: () => [rate('refused', (s) => sum(s.refused)), rate('rejected', (s) => sum(s.rejected))],
      },
      {
        title: 'Slow and gone listeners',
        unit: 'per second',
        explains: 'Posts that found no listener, or one that does not keep up.',
        lines: () => LISTENERS.map(([name, label]) => rate(label, (s) => s.listeners[name])),
      },
      {
        title: 'Failures',
        unit: 'per second',
        explains: 'Of AWS services and functions. Voice goes on without archive, event bus and tick log.',
        lines: () => [
          rate('voice stream', (s) => s.failures.voiceStream),
          rate('archive', (s) => s.failures.archive),
          rate('event bus', (s) => s.failures.eventBus),
          rate('functions', (s) => s.failures.functions),
          rate('broadcast', (s) => s.failures.broadcast),
          rate('tick log', (s) => s.failures.tickLog),
        ],
      },
    ],
  },
  {
    title: 'The Flink job',
    explains: 'As Flink itself counts it.',
    details: 'job',
    charts: [
      {
        title: 'Iterator age',
        unit: 'ms',
        explains: 'How far the job reads behind the tip of each shard of the voice stream.',
        lines: (history) => {
          const shards = Object.keys(history.latest?.job.iteratorAgeMs ?? {});
          return shards.length === 0
            ? [value('all shards', iteratorAge)]
            : shards.map((shard) =>
                value(shard.replace(/^shardId-0*(?=\d)/, 'shard '), (s) => s.job.iteratorAgeMs[shard]),
              );
        },
        least: 10,
      },
      {
        title: 'Busy and back-pressured',
        unit: '% of the time',
        explains: 'Flink’s mean over its last minute. Flink does not know how busy a source of this kind is.',
        lines: (history) =>
          (history.latest?.job.tasks ?? []).flatMap((task, i) => {
            const busy = value(`${short(task.name)}: busy`, (s) => percent(s.job.tasks[i]?.busyMs));
            const back = value(`${short(task.name)}: back-pressured`, (s) => percent(s.job.tasks[i]?.backPressuredMs));
            return task.busyMs === undefined ? [back] : [busy, back];
          }),
        least: 10,
      },
      {
        title: 'Checkpoints',
        unit: 'ms',
        explains: 'How long the latest one took. Voice does not wait for it.',
        lines: () => [value('duration', (s) => s.job.checkpoints.lastMs)],
        least: 20,
      },
      {
        title: 'Waiting in the job',
        unit: 'now',
        explains: 'Ticks that wait for the broadcast Lambda, and rooms on the job’s heap.',
        lines: () => [value('ticks waiting', (s) => s.job.ticksWaiting), value('rooms', (s) => s.job.roomsInMemory)],
        least: 4,
      },
    ],
  },
];

/** @param {number | undefined} ms of a second */
const percent = (ms) => (ms === undefined ? null : ms / 10);

/** What is said of the job in words. @param {import('./history.js').Snapshot} now @returns {[string, string][]} */
export function jobFacts(now) {
  const { tasks, checkpoints } = now.job;
  return [
    ...tasks.map((task) => /** @type {[string, string]} */ ([short(task.name), `parallelism ${task.parallelism}`])),
    ['checkpoints', `${plain(checkpoints.completed)} done, ${plain(checkpoints.failed)} failed`],
    ['latest checkpoint', `${plain(checkpoints.lastMs)} ms, ${bytes(checkpoints.lastBytes)}`],
    ['restarts', plain(now.job.restarts)],
    ['tick log not yet stored', bytes(now.job.spoolBytes)],
  ];
}
