import assert from 'node:assert/strict';
import test from 'node:test';
import { JitterBuffer } from '../../main/web/jitter-buffer.js';

const FRAME_MS = 20;
const LOUD = 20;
const QUIET = 60;

const frame = (seq, level = LOUD) => ({ seq: seq >>> 0, level, payload: new Uint8Array([seq & 255]) });

/** An output that plays a frame every 20 ms and asks for the next, two ahead, as the page does. */
class Ear {
  heard = [];
  #playing = [];
  #doneAtMs = 0;

  constructor(buffer) {
    this.buffer = buffer;
  }

  /** Lets time pass; `arrivals` are [ms, frame] in order of time. */
  run(fromMs, toMs, arrivals = []) {
    const waiting = [...arrivals];
    for (let ms = fromMs; ms < toMs; ms++) {
      if (this.#playing.length > 0 && ms >= this.#doneAtMs) {
        this.heard.push(this.#playing.shift());
        this.buffer.played(ms);
        this.#doneAtMs = ms + FRAME_MS;
      }
      while (waiting.length > 0 && waiting[0][0] <= ms) {
        this.buffer.push(waiting.shift()[1], ms);
      }
      while (this.buffer.outstanding < 2) {
        const step = this.buffer.pull(ms);
        if (!step) {
          break;
        }
        if (step.kind === 'skip') {
          continue;
        }
        if (this.#playing.length === 0) {
          this.#doneAtMs = ms + FRAME_MS;
        }
        this.#playing.push(step.kind === 'frame' ? step.frame.seq : 'concealed');
      }
    }
  }
}

/** Frames as chunks of three bring them. */
function chunks(first, count, atMs, level = LOUD) {
  return Array.from({ length: count }, (_, i) => [atMs + Math.floor(i / 3) * 60, frame(first + i, level)]);
}

test('a spurt waits for the delay it was told, then plays frame after frame', () => {
  const buffer = new JitterBuffer({ startMs: 80 });
  buffer.push(frame(7), 1_000);
  assert.equal(buffer.dueInMs(1_000), 80);
  assert.equal(buffer.pull(1_079), null);
  assert.deepEqual(buffer.pull(1_080), { kind: 'frame', frame: frame(7) });
});

test('frames that come in disorder are played in order', () => {
  const buffer = new JitterBuffer({ startMs: 60 });
  const ear = new Ear(buffer);
  ear.run(0, 300, [0, 2, 1, 4, 3, 5].map((seq) => [0, frame(seq)]));
  assert.deepEqual(ear.heard, [0, 1, 2, 3, 4, 5]);
});

test('numbers wrap', () => {
  const buffer = new JitterBuffer({ startMs: 60 });
  const ear = new Ear(buffer);
  ear.run(0, 300, [2 ** 32 - 2, 2 ** 32 - 1, 0, 1].map((seq) => [0, frame(seq)]));
  assert.deepEqual(ear.heard, [4294967294, 4294967295, 0, 1]);
});

test('a few frames that lack are concealed, many are jumped over', () => {
  const buffer = new JitterBuffer({ startMs: 60 });
  const ear = new Ear(buffer);
  ear.run(0, 400, [0, 3, 20].map((seq) => [0, frame(seq)]));
  assert.deepEqual(ear.heard, [0, 'concealed', 'concealed', 3, 20]);
});

test('a frame that comes after its place was played is dropped and counted', () => {
  const buffer = new JitterBuffer({ startMs: 20 });
  const ear = new Ear(buffer);
  ear.run(0, 200, [[0, frame(0)], [0, frame(2)], [0, frame(3)], [150, frame(1)]]);
  assert.deepEqual(ear.heard, [0, 'concealed', 2, 3]);
  assert.equal(buffer.counts.late, 1);
});

test('speech that is late makes the delay grow at once, and no frame is left out', () => {
  const buffer = new JitterBuffer({ startMs: 20 });
  const ear = new Ear(buffer);
  // From the third chunk on all come 100 ms later than before.
  const arrivals = [...chunks(0, 6, 0), ...chunks(6, 30, 220)];
  ear.run(0, 1_500, arrivals);
  assert.deepEqual(ear.heard, Array.from({ length: 36 }, (_, i) => i));
  assert.equal(buffer.counts.late, 1);
  assert.ok(buffer.targetMs >= 100, `the next spurt waits longer too: ${buffer.targetMs} ms`);
});

test('after a late frame the next one may be somewhat later and is heard without a gap', () => {
  const buffer = new JitterBuffer({ startMs: 20 });
  const ear = new Ear(buffer);
  // A chunk that is 30 ms late, later one that is 45 ms late.
  const arrivals = [...chunks(0, 6, 0), ...chunks(6, 30, 150), ...chunks(36, 30, 765)];
  ear.run(0, 2_000, arrivals);
  assert.deepEqual(ear.heard, Array.from({ length: 66 }, (_, i) => i));
  assert.equal(buffer.counts.late, 1);
});

test('a backlog is drained in the quiet frames', () => {
  const buffer = new JitterBuffer({ startMs: 200 });
  const ear = new Ear(buffer);
  const arrivals = chunks(0, 450, 0).map(([ms, it], i) => [ms, frame(it.seq, i % 10 === 0 ? QUIET : LOUD)]);
  ear.run(0, 9_000, arrivals);
  const skipped = Array.from({ length: 400 }, (_, i) => i).filter((seq) => !ear.heard.includes(seq));
  assert.ok(skipped.length >= 3, `${skipped.length} were skipped`);
  assert.ok(skipped.every((seq) => seq % 10 === 0), `only quiet ones: ${skipped}`);
  assert.equal(buffer.counts.skipped, skipped.length);
  assert.equal(buffer.counts.late, 0);
});

test('a great backlog is drained in speech as well', () => {
  const buffer = new JitterBuffer({ startMs: 20 });
  const ear = new Ear(buffer);
  // A page that was frozen: half a second of speech comes at once, then all is as it should be.
  const arrivals = [...chunks(0, 25, 0).map(([, it]) => [0, it]), ...chunks(25, 250, 60)];
  ear.run(0, 2_500, arrivals);
  const stockMs = buffer.stockMs;
  assert.ok(stockMs < 300, `${stockMs} ms are left`);
});

test('after a pause a spurt waits again, for less than before where there was too much', () => {
  const buffer = new JitterBuffer({ startMs: 200 });
  const ear = new Ear(buffer);
  ear.run(0, 3_000, chunks(0, 30, 0));
  buffer.end();
  assert.equal(buffer.isPlaying, false);
  assert.ok(buffer.targetMs < 200, `${buffer.targetMs} ms`);
  buffer.push(frame(30), 3_000);
  assert.equal(buffer.dueInMs(3_000), buffer.targetMs);
});

test('what is left when a spurt ends is played', () => {
  const buffer = new JitterBuffer({ startMs: 40 });
  const ear = new Ear(buffer);
  chunks(0, 6, 0).forEach(([, it]) => buffer.push(it, 0));
  buffer.end();
  ear.run(0, 300);
  assert.deepEqual(ear.heard, [0, 1, 2, 3, 4, 5]);
  assert.equal(buffer.isPlaying, false);
});

test('who was silent for long without saying so begins anew', () => {
  const buffer = new JitterBuffer({ startMs: 60 });
  const ear = new Ear(buffer);
  ear.run(0, 1_500, chunks(0, 3, 0));
  buffer.push(frame(3), 1_500);
  assert.equal(buffer.dueInMs(1_500), 60);
  assert.equal(buffer.counts.late, 0);
});

test('no more than two seconds are kept', () => {
  const buffer = new JitterBuffer({ startMs: 60 });
  for (let seq = 0; seq < 1_000; seq++) {
    buffer.push(frame(seq), 0);
  }
  assert.equal(buffer.stockMs, 2_000);
});
