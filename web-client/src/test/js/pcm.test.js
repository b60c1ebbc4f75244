import assert from 'node:assert/strict';
import test from 'node:test';
import { isPcm, PcmDecoder } from '../../main/web/pcm.js';

const bytes = (...samples) => new Uint8Array(Int16Array.from(samples).buffer);

function decoded(codec, ...frames) {
  const heard = [];
  const decoder = new PcmDecoder((samples) => heard.push(samples && Array.from(samples)), codec);
  frames.forEach((frame) => (frame ? decoder.decode(frame, false) : decoder.conceal()));
  return heard;
}

test('the three rates of the protocol are known, and nothing else is PCM', () => {
  assert.ok(['pcm16_16k', 'pcm16_24k', 'pcm16_48k'].every(isPcm));
  assert.ok(!isPcm('opus'));
});

test('samples at the output rate are heard as they are', () => {
  assert.deepEqual(decoded('pcm16_48k', bytes(0, 16_384, -32_768)), [[0, 0.5, -1]]);
});

test('a lower rate is raised to that of the output, on straight lines from sample to sample and frame to frame', () => {
  assert.deepEqual(decoded('pcm16_24k', bytes(16_384, 0), bytes(-16_384)), [
    [0.25, 0.5, 0.25, 0],
    [-0.25, -0.5],
  ]);
  assert.equal(decoded('pcm16_16k', bytes(0, 0, 0))[0].length, 9);
});

test('an odd byte at the end is left out, and a frame that never came is concealed', () => {
  assert.deepEqual(decoded('pcm16_48k', bytes(16_384, 0).subarray(0, 3), null), [[0.5], null]);
});
