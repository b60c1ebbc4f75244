import { fromBase64 } from './bytes.js';
import { decodeLiveFrames } from './chunk.js';
import { PlayedWindow } from './played-window.js';

/**
 * @typedef {object} Member
 * @property {string} participant
 * @property {string} name
 * @property {boolean} speaking
 * @property {boolean} muted by a moderator
 * @property {boolean} selfMuted
 * @property {boolean} deafened
 *
 * @typedef {object} StreamInfo
 * @property {number} stream
 * @property {string} participant
 * @property {string} codec
 * @property {number} frameUs
 *
 * @typedef {object} RoomView how the room is, as last heard
 * @property {string} self the own participant id
 * @property {Map<string, Member>} members
 * @property {{speak: boolean, listen: boolean, moderate: boolean, record: boolean}} permissions
 * @property {boolean} recording
 * @property {boolean} pushToTalk
 * @property {boolean} roomMuted
 * @property {boolean} locked
 *
 * @typedef {object} ReceiverListener
 * @property {(info: StreamInfo, frame: import('./chunk.js').LiveFrame) => void} frame one to be played, each once
 * @property {(info: StreamInfo, count: number) => void} lost frames that never come
 * @property {(participant: string) => void} stopped no frame of this spurt follows
 * @property {(count: number) => void} missed so many ticks did not come
 * @property {() => void} forgotten there is a new epoch: the streams are others
 * @property {(event: any) => void} event what happened in the room
 * @property {(view: RoomView) => void} changed
 * @property {(info: StreamInfo, at: number[]) => void} traced when one of its chunks was where, µs since the epoch
 */

/** @typedef {'selfMuted' | 'deafened'} OwnChoice what one may choose for oneself */

/** The listening side of a room: which ticks and frames are played, and how the room is. It outlives connections. */
export class Receiver {
  #listener;
  #epoch = -1;
  #tick = -1;
  /** @type {Map<number, {info: StreamInfo, played: PlayedWindow}>} */
  #streams = new Map();
  /** While the first tick of an epoch is taken that goes on from the one before: the streams of that. */
  #continued = new Map();
  /** @type {Set<string>} */
  #blocked = new Set();
  /** @type {RoomView | null} */
  #view = null;
  /** What the room says of oneself. It is behind what was chosen, and never says that one was deafened. */
  #told = { selfMuted: false, deafened: false };
  /** @type {Map<OwnChoice, {on: boolean, accepted: boolean}>} what the room has not said yet */
  #chosen = new Map();
  /** Whether ticks are missing since one was deafened. */
  #deaf = false;

  /** @param {ReceiverListener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** Null before the room was joined. */
  get view() {
    return this.#view;
  }

  /** Whether no ticks come, or none came since the last {@link joined}. */
  get isDeaf() {
    return this.#deaf || this.#told.deafened;
  }

  /**
   * Shows a choice at once, and until the room says otherwise after it. Gives what to do when the server has answered.
   *
   * @param {OwnChoice} choice
   * @param {boolean} on
   */
  choose(choice, on) {
    const made = { on, accepted: false };
    this.#chosen.set(choice, made);
    this.#deaf ||= choice === 'deafened' && on;
    this.#changed();
    return {
      accepted: () => {
        made.accepted = true;
      },
      refused: () => {
        if (this.#chosen.get(choice) === made) {
          this.#chosen.delete(choice);
          this.#deaf &&= choice !== 'deafened';
          this.#changed();
        }
      },
    };
  }

  /** @param {string} participant */
  isBlocked(participant) {
    return this.#blocked.has(participant);
  }

  /** @param {Iterable<string>} participants whom not to hear or read */
  block(participants) {
    this.#blocked = new Set(participants);
    this.#changed();
  }

  /** @param {string} participant @param {boolean} blocked */
  setBlocked(participant, blocked) {
    const all = new Set(this.#blocked);
    if (blocked) {
      all.add(participant);
    } else {
      all.delete(participant);
    }
    this.block(all);
  }

  /**
   * Whether everything up to that tick has come in.
   *
   * @param {any} joined
   */
  hasReached(joined) {
    return this.isDeaf || this.#epoch > joined.epoch || (this.#epoch === joined.epoch && this.#tick >= joined.tick);
  }

  /**
   * The room is told anew. The next tick is the one after that of the message.
   *
   * @param {any} joined
   */
  joined(joined) {
    if (joined.epoch > this.#epoch) {
      this.#beginEpoch(joined.epoch);
      this.#tick = joined.tick;
    } else if (joined.epoch === this.#epoch && joined.tick > this.#tick) {
      this.#tick = joined.tick;
    }
    this.#deaf = false;
    this.refreshed(joined);
  }

  /**
   * As {@link joined}, while ticks go on coming.
   *
   * @param {any} joined
   */
  refreshed(joined) {
    if (joined.epoch === this.#epoch) {
      joined.streams.forEach((/** @type {StreamInfo} */ info) => this.#announce(info));
    }
    this.#view = {
      self: joined.participant,
      members: new Map(joined.members.map((/** @type {Member} */ member) => [member.participant, { ...member }])),
      permissions: { ...joined.permissions },
      recording: joined.recording,
      pushToTalk: joined.pushToTalk,
      roomMuted: joined.roomMuted,
      locked: joined.locked,
    };
    // Who hears again may have chosen so elsewhere.
    if (this.#chosen.get('deafened')?.accepted) {
      this.#chosen.delete('deafened');
    }
    this.#toldOfOneself(this.#view.members.get(joined.participant) ?? { selfMuted: false, deafened: false });
    this.#changed();
  }

  /**
   * Takes a tick, unless it was taken before or is of an epoch that is over.
   *
   * @param {any} tick
   */
  tick(tick) {
    if (!this.#view || tick.epoch < this.#epoch || (tick.epoch === this.#epoch && tick.tick <= this.#tick)) {
      return;
    }
    this.#advance(tick);
    const events = tick.events ?? [];
    const stopped = new Set();
    for (const event of events) {
      if (event.kind === 'stream') {
        this.#announce(event);
      } else if (event.kind === 'stopped' || event.kind === 'left') {
        stopped.add(event.participant);
      } else if (event.kind === 'speaking') {
        stopped.delete(event.participant);
      }
      this.#happened(event);
    }
    this.#continued = new Map();
    this.#play(tick);
    for (const event of events) {
      const known = event.kind === 'lost' ? this.#streams.get(event.stream) : undefined;
      if (known && known.info.participant !== this.#view.self) {
        this.#listener.lost(known.info, event.count);
      }
    }
    for (const participant of stopped) {
      this.#listener.stopped(participant);
    }
    for (const trace of tick.traces ?? []) {
      const known = this.#streams.get(trace.stream);
      if (known) {
        this.#listener.traced(known.info, trace.at);
      }
    }
    if (events.length > 0) {
      this.#changed();
    }
  }

  #advance(/** @type {any} */ tick) {
    let expected = this.#tick + 1;
    if (tick.epoch > this.#epoch) {
      const before = this.#epoch;
      const goesOn = (tick.events ?? []).some(
        (/** @type {any} */ event) => event.kind === 'opened' && event.tombstone?.epoch === before,
      );
      const streams = this.#streams;
      this.#beginEpoch(tick.epoch);
      this.#continued = goesOn ? streams : new Map();
      expected = 0;
    }
    this.#tick = tick.tick;
    // Of the ticks between, those that `skipped` names had nothing for this listener.
    const missed = tick.skipped?.participant === this.#view?.self ? tick.skipped.from - expected : tick.tick - expected;
    if (missed > 0) {
      this.#listener.missed(missed);
    }
  }

  #beginEpoch(/** @type {number} */ epoch) {
    this.#epoch = epoch;
    this.#streams = new Map();
    this.#listener.forgotten();
  }

  #announce(/** @type {StreamInfo} */ info) {
    if (this.#streams.has(info.stream)) {
      return;
    }
    const before = this.#continued.get(info.stream);
    const same =
      before &&
      before.info.participant === info.participant &&
      before.info.codec === info.codec &&
      before.info.frameUs === info.frameUs;
    this.#streams.set(info.stream, { info, played: same ? before.played : new PlayedWindow() });
  }

  #play(/** @type {any} */ tick) {
    if (!tick.frames) {
      return;
    }
    let frames;
    try {
      frames = decodeLiveFrames(fromBase64(tick.frames));
    } catch {
      this.#listener.missed(1);
      return;
    }
    for (const frame of frames) {
      const known = this.#streams.get(frame.stream);
      if (
        known &&
        known.info.participant !== this.#view?.self &&
        !this.#blocked.has(known.info.participant) &&
        known.played.mark(frame.seq)
      ) {
        this.#listener.frame(known.info, frame);
      }
    }
  }

  #happened(/** @type {any} */ event) {
    const view = /** @type {RoomView} */ (this.#view);
    const member = view.members.get(event.participant);
    switch (event.kind) {
      case 'joined':
        view.members.set(event.participant, {
          participant: event.participant,
          name: event.name,
          speaking: member?.speaking ?? false,
          muted: member?.muted ?? false,
          selfMuted: member?.selfMuted ?? false,
          deafened: member?.deafened ?? false,
        });
        break;
      case 'left':
        view.members.delete(event.participant);
        break;
      case 'muted':
      case 'unmuted':
        if (member) {
          member.muted = event.kind === 'muted';
          member.speaking &&= !member.muted;
        }
        break;
      case 'presence':
        if (member) {
          member.selfMuted = event.selfMuted;
          member.deafened = event.deafened;
        }
        if (event.participant === view.self) {
          this.#toldOfOneself(event);
        }
        break;
      case 'speaking':
      case 'stopped':
        if (member) {
          member.speaking = event.kind === 'speaking';
        }
        break;
      case 'settings':
        view.pushToTalk = event.pushToTalk;
        view.roomMuted = event.muted;
        break;
      case 'locked':
      case 'unlocked':
        view.locked = event.kind === 'locked';
        break;
      case 'recording':
        view.recording = event.on;
        break;
    }
    if (event.kind !== 'said' || !this.#blocked.has(event.participant)) {
      // Who left is not among the members any more, but is named once more.
      this.#listener.event({ ...event, name: event.name ?? member?.name });
    }
  }

  /** @param {{selfMuted: boolean, deafened: boolean}} told */
  #toldOfOneself({ selfMuted, deafened }) {
    this.#told = { selfMuted, deafened };
    for (const [choice, { on }] of this.#chosen) {
      if (this.#told[choice] === on) {
        this.#chosen.delete(choice);
      }
    }
  }

  #changed() {
    if (this.#view) {
      const own = this.#view.members.get(this.#view.self);
      if (own) {
        own.selfMuted = this.#chosen.get('selfMuted')?.on ?? this.#told.selfMuted;
        own.deafened = this.#chosen.get('deafened')?.on ?? this.#told.deafened;
      }
      this.#listener.changed(this.#view);
    }
  }
}
