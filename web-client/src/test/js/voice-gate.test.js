import assert from 'node:assert/strict';
import test from 'node:test';
import { levelDb, VoiceGate } from '../../main/web/voice-gate.js';

const gate = (mode, settings = {}) => Object.assign(new VoiceGate(), { mode, thresholdDb: -45 }, settings);
const places = (it, levels) => levels.map((level) => it.next(level));

test('what is loud enough opens the gate, what is not does not', () => {
  assert.deepEqual(places(gate('voice'), [-60, -46, -45, -44]), ['none', 'none', 'none', 'first']);
});

test('a spurt goes on through short pauses, and its last frame is named', () => {
  const it = gate('voice');
  const pause = Array(10).fill(-90);
  assert.deepEqual(places(it, [-30, ...pause, -30]), ['first', ...Array(10).fill('more'), 'more']);
  assert.deepEqual(places(it, Array(16).fill(-90)), [...Array(14).fill('more'), 'last', 'none']);
});

test('what is a little quieter than the threshold keeps a gate open that is', () => {
  const it = gate('voice');
  it.next(-40);
  assert.deepEqual(new Set(places(it, Array(50).fill(-48))), new Set(['more']));
});

test('push-to-talk sends while the key is held, however quiet it is', () => {
  const it = gate('ptt');
  assert.equal(it.next(-10), 'none');
  it.pressed = true;
  assert.deepEqual(places(it, [-100, -10]), ['first', 'more']);
  it.pressed = false;
  assert.deepEqual(places(it, [-10, -10]), ['last', 'none']);
});

test('an open microphone sends all', () => {
  assert.deepEqual(places(gate('open'), [-127, -127]), ['first', 'more']);
});

test('who mutes ends their spurt, in every mode', () => {
  for (const mode of ['ptt', 'voice', 'open']) {
    const it = gate(mode, { pressed: true });
    it.next(-10);
    it.muted = true;
    assert.deepEqual(places(it, [-10, -10]), ['last', 'none'], mode);
  }
});

test('a spurt after a mute begins anew, with the whole hang time', () => {
  const it = gate('voice');
  places(it, [-10, ...Array(10).fill(-90)]);
  it.muted = true;
  it.next(-10);
  it.muted = false;
  assert.deepEqual(places(it, [-10, ...Array(12).fill(-90)]), ['first', ...Array(12).fill('more')]);
});

test('levels are those of RFC 6464', () => {
  assert.equal(levelDb(new Float32Array(960).fill(1)), 0);
  assert.equal(levelDb(new Float32Array(960)), -127);
  const sine = new Float32Array(960).map((_, i) => Math.sin((2 * Math.PI * i * 10) / 960));
  assert.ok(Math.abs(levelDb(sine) + 3.01) < 0.01);
});
