import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fromBase64, toBase64 } from '../../main/web/bytes.js';
import { decodeChunk, decodeLiveFrames, encodeChunk, END_OF_SPURT, OPUS, TRACE } from '../../main/web/chunk.js';

const golden = (name) => readFileSync(new URL(`../../../../testdata/golden/${name}`, import.meta.url), 'utf8');
const chunkBytes = new Uint8Array(Buffer.from(golden('chunk.hex').replace(/\s/g, ''), 'hex'));

test('the golden chunk is read as docs/formats.md says', () => {
  assert.deepEqual(decodeChunk(chunkBytes), {
    codec: OPUS,
    flags: END_OF_SPURT | TRACE,
    seq: 4294967294,
    offset: 5,
    frameUs: 20_000,
    captureMs: 1_700_000_000_123,
    frames: [
      { level: 20, payload: new Uint8Array([0x98, 1, 2, 3]) },
      { level: 127, payload: new Uint8Array([0x98, 4]) },
    ],
  });
});

test('what was read is written byte for byte', () => {
  assert.deepEqual(encodeChunk(decodeChunk(chunkBytes)), chunkBytes);
});

test('a chunk that is cut off, or goes on, is refused', () => {
  assert.throws(() => decodeChunk(chunkBytes.subarray(0, chunkBytes.length - 1)), RangeError);
  assert.throws(() => decodeChunk(new Uint8Array([...chunkBytes, 0])), RangeError);
  assert.throws(() => decodeChunk(new Uint8Array()), RangeError);
});

test('the live frames of the golden tick are read, and their numbers wrap', () => {
  const [tick] = JSON.parse(golden('tick-message.json')).ticks;
  assert.deepEqual(decodeLiveFrames(fromBase64(tick.frames)), [
    { stream: 0, seq: 4294967294, level: 20, payload: new Uint8Array([0x98, 1, 2, 3]) },
    { stream: 0, seq: 4294967295, level: 127, payload: new Uint8Array([0x98, 4]) },
  ]);
});

test('live frames that are cut off are refused', () => {
  const [tick] = JSON.parse(golden('tick-message.json')).ticks;
  const bytes = fromBase64(tick.frames);
  assert.throws(() => decodeLiveFrames(bytes.subarray(0, bytes.length - 1)), RangeError);
  assert.throws(() => decodeLiveFrames(bytes.subarray(0, 5)), RangeError);
});

test('base64 goes there and back, also for much', () => {
  const bytes = new Uint8Array(100_000).map((_, i) => i * 31);
  assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  assert.equal(toBase64(new Uint8Array([255, 255, 254])), '///+');
});
