import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { PlayedWindow } from '../../main/web/played-window.js';
import { Receiver } from '../../main/web/receiver.js';

const golden = (name) => JSON.parse(readFileSync(new URL(`../../../../testdata/golden/${name}`, import.meta.url), 'utf8'));

/** A receiver, and what it tells. */
function receiver() {
  const told = { frames: [], lost: 0, missed: 0, events: [], stopped: [], forgotten: 0 };
  const it = new Receiver({
    frame: (info, frame) => told.frames.push(`${info.participant} ${frame.seq}`),
    lost: (_info, count) => (told.lost += count),
    stopped: (participant) => told.stopped.push(participant),
    missed: (count) => (told.missed += count),
    forgotten: () => told.forgotten++,
    event: (event) => told.events.push(event.kind),
    changed: () => {},
    traced: () => {},
  });
  return { it, told };
}

function joined() {
  const { it, told } = receiver();
  it.joined(golden('joined-message.json'));
  return { it, told, tick: golden('tick-message.json').ticks[0] };
}

test('the frames of the tick after the join are played, once', () => {
  const { it, told, tick } = joined();
  it.tick(tick);
  it.tick(tick);
  it.tick({ ...tick, tick: 4 });
  assert.deepEqual(told.frames, ['ann 4294967294', 'ann 4294967295']);
  assert.equal(told.lost, 10);
  assert.equal(told.missed, 0);
});

test('ticks up to that of the join are not played', () => {
  const { it, told, tick } = joined();
  it.tick({ ...tick, tick: 2 });
  assert.deepEqual(told.frames, []);
});

test('nobody hears themselves, or whom they block', () => {
  const { it, told, tick } = joined();
  it.block(['ann']);
  it.tick(tick);
  const own = receiver();
  own.it.joined({ ...golden('joined-message.json'), participant: 'ann' });
  own.it.tick(tick);
  assert.deepEqual([told.frames, own.told.frames], [[], []]);
});

test('ticks that did not come are counted, those that were skipped are not', () => {
  const { it, told, tick } = joined();
  it.tick({ ...tick, tick: 6 });
  assert.equal(told.missed, 3);
  it.tick({ epoch: tick.epoch, tick: 12, skipped: { participant: 'bob', from: 7, to: 11 } });
  assert.equal(told.missed, 3);
  it.tick({ epoch: tick.epoch, tick: 20, skipped: { participant: 'ann', from: 13, to: 19 } });
  assert.equal(told.missed, 10);
});

test('a new epoch replaces the old one, whose ticks are ignored', () => {
  const { it, told, tick } = joined();
  it.tick({ ...tick, epoch: tick.epoch + 1, tick: 0 });
  it.tick({ ...tick, tick: 9 });
  assert.equal(told.frames.length, 2);
  assert.equal(told.forgotten, 2);
});

test('what was played before a job went back is not played again', () => {
  const { it, told, tick } = joined();
  it.tick(tick);
  const again = { ...tick, epoch: tick.epoch + 1, tick: 0 };
  it.tick({ ...again, events: [{ kind: 'opened', tombstone: { epoch: tick.epoch, tick: 3 } }, ...tick.events] });
  assert.equal(told.frames.length, 2);
});

test('every kind of event is taken, and the room is as they say', () => {
  const { it, told } = joined();
  const [tick] = golden('tick-message-events.json').ticks;
  it.tick(tick);
  assert.ok(told.events.includes('said'));
  assert.deepEqual(told.stopped, ['ann']);
  const { members, locked, recording } = it.view;
  assert.deepEqual([...members.keys()], ['bob']);
  assert.equal(members.get('bob').name, 'Bob "the" é');
  assert.deepEqual([locked, recording], [false, false]);
});

test('a choice for oneself is shown at once, and ticks that are older do not take it back', () => {
  const { it, tick } = joined();
  const own = () => it.view.members.get('bob');
  it.choose('deafened', true).accepted();
  it.choose('selfMuted', true);
  const older = { kind: 'presence', participant: 'bob', selfMuted: false, deafened: false };
  it.tick({ ...tick, events: [...tick.events, older] });
  assert.deepEqual([own().deafened, own().selfMuted], [true, true]);
  it.tick({ epoch: tick.epoch, tick: 4, events: [{ ...older, selfMuted: true }] });
  it.tick({ epoch: tick.epoch, tick: 5, events: [older] });
  assert.deepEqual([own().deafened, own().selfMuted], [true, false]);
});

test('a choice that was refused is taken back', () => {
  const { it } = joined();
  it.choose('deafened', true).refused();
  assert.deepEqual([it.view.members.get('bob').deafened, it.isDeaf], [false, false]);
});

test('who hears again has missed ticks until the room is told anew, though the room never said that they were deafened', () => {
  const { it, told, tick } = joined();
  it.choose('deafened', true).accepted();
  it.choose('deafened', false).accepted();
  assert.equal(it.isDeaf, true);
  it.joined({ ...golden('joined-message.json'), tick: 40 });
  it.tick({ ...tick, tick: 41 });
  assert.deepEqual([it.isDeaf, told.missed, it.view.members.get('bob').deafened], [false, 0, false]);
});

test('frames that cannot be read harm nobody', () => {
  const { it, told, tick } = joined();
  it.tick({ ...tick, frames: 'AAD/' });
  it.tick({ ...tick, tick: 4 });
  assert.equal(told.frames.length, 2);
});

test('a number is played once, also over the wrap, and not when it is 256 old', () => {
  const window = new PlayedWindow();
  assert.deepEqual([4294967295, 0, 4294967295, 1, 0].map((seq) => window.mark(seq)), [true, true, false, true, false]);
  assert.equal(window.mark(300), true);
  assert.deepEqual([window.mark(44), window.mark(45)], [false, true]);
});
