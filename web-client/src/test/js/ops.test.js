import assert from 'node:assert/strict';
import test from 'node:test';
import { assess } from '../../main/web/ops/health.js';
import { History } from '../../main/web/ops/history.js';

const zero = (...names) => Object.fromEntries(names.map((name) => [name, 0]));

/** A snapshot of a stack in which nothing has happened, but for what is given. */
const snapshot = (second, { counts = {}, notPlayed = {}, listeners = {}, failures = {}, job = {}, ...more } = {}) => ({
  atMs: second * 1_000,
  connections: 0,
  rooms: 0,
  speakers: 0,
  counts: { ...zero('framesTaken', 'framesPlayed', 'ticks', 'posts', 'messagesIn', 'bytesIn', 'bytesOut'), ...counts },
  notPlayed: { ...zero('lost', 'late', 'stale', 'duplicate', 'suppressed', 'muted', 'limited'), ...notPlayed },
  rejected: {},
  refused: {},
  listeners: { ...zero('gone', 'slow', 'retried', 'dropped', 'tooLarge', 'droppedInLanes'), ...listeners },
  failures: { ...zero('voiceStream', 'archive', 'eventBus', 'functions', 'broadcast', 'tickLog'), ...failures },
  hops: {},
  job: {
    tasks: [{ name: 'rooms', parallelism: 1, busyMs: 20, backPressuredMs: 0 }],
    checkpoints: { completed: 1, failed: 0, lastMs: 20, lastBytes: 100 },
    iteratorAgeMs: { 'shard-0': 0 },
    restarts: 0,
    roomsInMemory: 0,
    ticksWaiting: 0,
    spoolBytes: 0,
    ...job,
  },
  ...more,
});

const historyOf = (...snapshots) => {
  const history = new History(900_000);
  history.add(snapshots);
  return history;
};

test('a rate is the mean of up to five seconds, by the time that went by', () => {
  const history = historyOf(...[0, 1, 2, 3, 4, 5, 7].map((second) => snapshot(second, { counts: { ticks: second * 10 } })));
  assert.deepEqual(history.rates((s) => s.counts.ticks), [null, 10, 10, 10, 10, 10, 10]);
});

test('what is older than is kept goes', () => {
  const history = new History(3_000);
  history.add([0, 1, 2, 3, 4].map((second) => snapshot(second)));
  assert.deepEqual(history.seconds(), [1, 2, 3, 4]);
});

test('another stack begins a history of its own, so that no rate is negative', () => {
  const history = historyOf(snapshot(0, { counts: { messagesIn: 50 } }), snapshot(9, { counts: { messagesIn: 2 } }));
  assert.deepEqual(history.seconds(), [9]);
});

test('what was not known at a time is not zero then', () => {
  const history = historyOf(snapshot(0), snapshot(1, { hops: { WHOLE: { p95: 40 } } }));
  assert.deepEqual(history.values((s) => s.hops.WHOLE?.p95), [null, 40]);
});

test('a stack in which nobody speaks waits', () => {
  assert.equal(assess(historyOf(snapshot(0), snapshot(1))).state, 'waiting');
});

test('a stack in which people are heard is well, and says how many and how fast', () => {
  const talk = { counts: { framesTaken: 50, framesPlayed: 50 }, speakers: 2, rooms: 1, hops: { WHOLE: { p95: 41.6 } } };
  const health = assess(historyOf(snapshot(0), snapshot(1, talk)));
  assert.equal(health.state, 'well');
  assert.equal(health.sentence, 'All is well: 2 speakers in 1 room, 42 ms from gateway to post (p95).');
});

test('frames that are lost, late or stale are trouble, those that a rule holds back are not', () => {
  const of = (notPlayed) => assess(historyOf(snapshot(0), snapshot(1, { counts: { framesTaken: 100, framesPlayed: 90 }, notPlayed })));
  assert.equal(of({ lost: 6, late: 2, stale: 2 }).state, 'trouble');
  assert.match(of({ lost: 10 }).sentence, /^10\.0 % of the frames/);
  assert.equal(of({ lost: 2 }).state, 'watch');
  assert.equal(of({ duplicate: 10, suppressed: 10, muted: 10, limited: 10 }).state, 'well');
});

test('what is over a limit is worth a look, and each of it is said', () => {
  const bad = {
    hops: { WHOLE: { p95: 900 } },
    listeners: { dropped: 1 },
    failures: { voiceStream: 2 },
    job: {
      tasks: [{ name: 'rooms', parallelism: 1, busyMs: 950, backPressuredMs: 300 }],
      iteratorAgeMs: { 'shard-0': 10, 'shard-1': 2_500 },
      restarts: 1,
      checkpoints: { completed: 1, failed: 2, lastMs: 1, lastBytes: 1 },
    },
  };
  const health = assess(historyOf(snapshot(0), snapshot(1, bad)));
  assert.equal(health.state, 'watch');
  assert.deepEqual(
    [health.sentence, ...health.reasons],
    [
      'The job restarted once within 5 minutes.',
      'A checkpoint failed 2 times within 5 minutes.',
      'The job reads 2.5 s behind the voice stream.',
      'The way from gateway to post takes 900 ms at the 95th percentile.',
      'A task of the job is busy 95 % of its time.',
      'A task of the job is back-pressured 30 % of its time.',
      'Posts or ticks were dropped once within a minute.',
      'What failed within a minute: putting to the voice stream, 2 times.',
    ],
  );
});

test('a job that does not run is trouble before all else', () => {
  const health = assess(historyOf(snapshot(0), snapshot(1, { job: { tasks: [] }, listeners: { dropped: 1 } })));
  assert.equal(health.state, 'trouble');
  assert.equal(health.reasons.length, 1);
});
