import { FRAME_US, obstacle, openAudio } from './audio.js';
import { JoinForm } from './join-form.js';
import { Loopback } from './loopback.js';
import { openMicrophone } from './microphone.js';
import { Mixer } from './mixer.js';
import { listenForPushToTalk } from './push-to-talk.js';
import { Quality } from './quality.js';
import { Session } from './session.js';
import { loadSettings, saveSettings } from './settings.js';
import { SettingsDialog } from './settings-dialog.js';
import { loadConfig } from './sign-in.js';
import { Talk } from './talk.js';
import { levelDb } from './voice-gate.js';
import {
  announce,
  button,
  element,
  input,
  Messages,
  People,
  press,
  showLevel,
  showMessage,
  showNotice,
  showScreen,
} from './view.js';

/** @typedef {import('./receiver.js').RoomView} RoomView */

const QUALITY_MS = 2_000;
/** The meter shows one captured frame in so many: to paint each costs more than to encode it. */
const METER_FRAMES = 5;
/** A speaker's buffer begins with what the server hints at, up to this: it adapts by itself. */
const MAX_START_MS = 200;

/** The page: what the user does goes to the session and the sound, and what they tell is shown. */
class App {
  #settings = loadSettings();
  /** @type {Promise<{context: AudioContext, mixer: Mixer}> | null} */
  #sound = null;
  /** @type {Mixer | null} */
  #mixer = null;
  /** @type {import('./microphone.js').Microphone | null} */
  #microphone = null;
  /** Counts what asks for the microphone, so that only the last request has it. */
  #opening = 0;
  /** @type {Loopback | null} */
  #loopback = null;
  /** @type {Talk | null} */
  #talk = null;
  /** @type {Session | null} */
  #session = null;
  /** @type {RoomView | null} */
  #view = null;
  #listensOnly = false;
  #pressed = false;
  #muted = false;
  #deafened = false;
  #chunkMs = 0;
  #captures = 0;
  #peakDb = -127;
  #offsetMs = 0;
  #rttMs = 0;
  /** @type {Map<string, Quality>} */
  #qualities = new Map();
  /** @type {Map<string, number>} */
  #lost = new Map();
  /** @type {number | undefined} */
  #countdown;
  #messages = new Messages();
  #people;
  #form = new JoinForm(this.#settings, (listensOnly) => void this.#join(listensOnly));
  #dialog = new SettingsDialog(this.#settings, {
    opened: () => this.#openedSettings(),
    closed: () => this.#closedSettings(),
    changed: (microphone) => this.#changedSettings(microphone),
    loopback: () => void this.#toggleLoopback(),
  });

  constructor() {
    this.#people = new People(
      {
        volume: (participant, percent) => this.#setVolume(participant, percent),
        block: (participant, on) => this.#try(this.#session?.block(participant, on)),
        mute: (participant, on) => this.#ask(on ? 'mute' : 'unmute', { participant }, true),
        kick: (participant) => this.#ask('kick', { participant }),
      },
      this.#settings.volumes,
    );
  }

  async start() {
    this.#bindRoom();
    window.setInterval(() => this.#showQuality(), QUALITY_MS);
    this.#form.show(await loadConfig(), obstacle());
    document.body.dataset.ready = 'true';
  }

  // Joining

  async #join(/** @type {boolean} */ listensOnly) {
    const { name, room } = this.#form;
    this.#settings.name = name;
    this.#settings.room = room;
    saveSettings(this.#settings);
    this.#form.setJoining(true);
    showMessage('join-message', null);
    showNotice(null);
    try {
      // First of all, while the click still counts: or the browser keeps the page silent.
      const { context, mixer } = await this.#openSound();
      await context.resume();
      const credentials = await this.#form.credentials();
      await credentials.token(false);
      this.#form.forgetPassword();
      this.#closeLoopback();
      this.#listensOnly = listensOnly;
      this.#talk = listensOnly ? null : this.#createTalk();
      if (!listensOnly) {
        await this.#openMicrophone();
      } else {
        this.#closeMicrophone();
      }
      const { url, apiKey } = this.#form;
      this.#begin(new Session({ url, apiKey, credentials, room, name }, this.#listener(mixer)), room);
    } catch (failure) {
      this.#form.setJoining(false);
      showMessage('join-message', /** @type {Error} */ (failure).message);
    }
  }

  #begin(/** @type {Session} */ session, /** @type {string} */ room) {
    this.#session = session;
    this.#muted = false;
    this.#deafened = false;
    this.#view = null;
    this.#qualities.clear();
    this.#lost.clear();
    this.#messages.clear();
    this.#people.clear();
    element('room-name', HTMLElement).textContent = room;
    document.title = `#${room} – Parley`;
    session.start();
    this.#showOwn();
  }

  /** @returns {import('./session.js').SessionListener} */
  #listener(/** @type {Mixer} */ mixer) {
    return {
      state: (state, detail, retryInMs) => this.#showState(state, detail, retryInMs),
      begin: (joined) => {
        this.#chunkMs = joined.chunkMs;
        mixer.startMs = Math.min(MAX_START_MS, joined.playoutMs);
        if (this.#talk) {
          const frameMs = FRAME_US / 1_000;
          const ms = Math.min(joined.chunkMs, joined.limits.maxChunkMs);
          this.#talk.chunkFrames = Math.max(1, Math.floor(ms / frameMs));
          this.#talk.begin();
        }
        if (joined.recording) {
          announce('This room is recorded.');
        }
      },
      moved: () => this.#talk?.endSpurt(),
      refused: (text) => showNotice(text),
      removed: (reason) => announce(`You were removed from the room: ${reason}`),
      measured: (rttMs, offsetMs) => {
        this.#rttMs = rttMs;
        this.#offsetMs = offsetMs;
        if (this.#session?.isJoined) {
          this.#showState('joined', '');
        }
      },
      frame: (info, frame) => {
        mixer.play(info, frame);
      },
      lost: (info, count) => {
        this.#lost.set(info.participant, (this.#lost.get(info.participant) ?? 0) + count);
      },
      stopped: (participant) => mixer.endSpurt(participant),
      missed: () => {},
      forgotten: () => mixer.forgetStreams(),
      event: (event) => this.#happened(event),
      changed: (view) => this.#showRoom(view),
      traced: (info, at) => {
        this.#quality(info.participant).transitMs = Date.now() + this.#offsetMs - at[0] / 1_000;
      },
    };
  }

  /** @param {'connecting' | 'joined' | 'reconnecting' | 'ended'} state @param {string} detail @param {number} [retryInMs] */
  #showState(state, detail, retryInMs) {
    window.clearInterval(this.#countdown);
    const status = element('status', HTMLElement);
    status.classList.toggle('good', state === 'joined');
    status.classList.toggle('bad', state === 'reconnecting');
    button('retry').hidden = state !== 'reconnecting';
    switch (state) {
      case 'joined':
        status.textContent = `Connected${this.#rttMs ? `, ${Math.round(this.#rttMs)} ms` : ''}`;
        this.#form.setJoining(false);
        showScreen(true);
        break;
      case 'reconnecting': {
        const dueMs = performance.now() + (retryInMs ?? 0);
        const show = () => {
          const seconds = Math.max(0, Math.ceil((dueMs - performance.now()) / 1_000));
          status.textContent = `${detail} ${seconds > 1 ? `Trying again in ${seconds} s` : 'Connecting again …'}`;
        };
        show();
        this.#countdown = window.setInterval(show, 1_000);
        if (!this.#view) {
          showMessage('join-message', detail);
        }
        break;
      }
      case 'connecting':
        status.textContent = detail;
        break;
      case 'ended':
        this.#closeRoom(detail);
        break;
    }
    this.#showOwn();
  }

  #closeRoom(/** @type {string} */ why) {
    this.#session = null;
    this.#view = null;
    window.clearInterval(this.#countdown);
    this.#mixer?.forgetStreams();
    this.#talk?.close();
    this.#talk = null;
    this.#closeMicrophone();
    this.#form.setJoining(false);
    showScreen(false);
    document.title = 'Parley';
    showMessage('join-message', why);
    button('join').focus();
  }

  // The room

  #bindRoom() {
    button('leave').onclick = () => {
      const session = this.#session;
      this.#closeRoom('You left the room.');
      void session?.leave();
    };
    // Others need not wait until the gateway notices that the page is gone.
    window.addEventListener('pagehide', () => void this.#session?.leave());
    button('retry').onclick = () => this.#session?.retryNow();
    button('notice-close').onclick = () => showNotice(null);
    button('mute').onclick = () => this.#try(this.#session?.choose('selfMuted', !this.#muted));
    button('deafen').onclick = () => this.#try(this.#session?.choose('deafened', !this.#deafened));
    element('say-form', HTMLFormElement).onsubmit = (event) => {
      event.preventDefault();
      const text = input('say').value.trim();
      if (text) {
        this.#try(this.#session?.ask('say', { text }).then(() => (input('say').value = '')));
      }
    };
    for (const tool of document.querySelectorAll('[data-setting]')) {
      const control = /** @type {HTMLButtonElement} */ (tool);
      control.onclick = () => this.#setRoom(control.dataset.setting ?? '', control.getAttribute('aria-pressed') !== 'true');
    }
    listenForPushToTalk(button('ptt'), () => this.#settings.key, (pressed) => {
      this.#pressed = pressed;
      this.#applyGate();
    });
  }

  #setRoom(/** @type {string} */ setting, /** @type {boolean} */ on) {
    if (setting === 'muteroom' || setting === 'lock') {
      this.#ask(on ? setting : `un${setting}`);
    } else {
      this.#ask('set', { [setting]: on });
    }
  }

  #setVolume(/** @type {string} */ participant, /** @type {number} */ percent) {
    this.#settings.volumes[participant] = percent;
    saveSettings(this.#settings);
    this.#applyVolume(participant, percent);
  }

  #applyVolume(/** @type {string} */ participant, /** @type {number} */ percent) {
    // Squared, as ears hear loudness; 100 % is as spoken.
    this.#mixer?.setGain(participant, (percent / 100) ** 2);
  }

  #showRoom(/** @type {RoomView} */ view) {
    this.#view = view;
    const own = view.members.get(view.self);
    if (own) {
      this.#muted = own.selfMuted;
      this.#deafened = own.deafened;
    }
    this.#people.show(view, (participant) => this.#session?.receiver.isBlocked(participant) ?? false);
    for (const participant of view.members.keys()) {
      const percent = this.#settings.volumes[participant];
      if (percent !== undefined) {
        this.#applyVolume(participant, percent);
      }
    }
    element('recording', HTMLElement).hidden = !view.recording;
    element('locked', HTMLElement).hidden = !view.locked;
    element('room-muted', HTMLElement).hidden = !view.roomMuted;
    element('ptt-only', HTMLElement).hidden = !view.pushToTalk;
    element('moderation', HTMLElement).hidden = !view.permissions.moderate;
    const settings = { muteroom: view.roomMuted, lock: view.locked, pushToTalk: view.pushToTalk, recording: view.recording };
    for (const [setting, on] of Object.entries(settings)) {
      const control = /** @type {HTMLButtonElement} */ (document.querySelector(`[data-setting=${setting}]`));
      press(control, on);
      control.hidden = setting === 'recording' && !view.permissions.record;
    }
    this.#showOwn();
  }

  #happened(/** @type {any} */ event) {
    const name = event.name ?? event.participant;
    const isSelf = event.participant === this.#view?.self;
    switch (event.kind) {
      case 'joined':
        this.#note(`${name} joined.`);
        break;
      case 'left':
        this.#note(`${name} left.`);
        break;
      case 'said':
        this.#messages.say(name, event.text);
        break;
      case 'muted':
      case 'unmuted':
        this.#note(`${isSelf ? 'You were' : `${name} was`} ${event.kind} by a moderator.`);
        break;
      case 'recording':
        this.#note(event.on ? 'This room is recorded from now on.' : 'This room is not recorded any more.');
        break;
    }
  }

  #note(/** @type {string} */ text) {
    this.#messages.note(text);
    announce(text);
  }

  #ask(/** @type {string} */ action, /** @type {Record<string, unknown>} */ fields = {}, numbered = false) {
    this.#try(this.#session?.ask(action, fields, numbered));
  }

  #try(/** @type {Promise<unknown> | undefined} */ asked) {
    asked?.catch((refusal) => {
      showNotice(/** @type {Error} */ (refusal).message);
      if (this.#view) {
        this.#showRoom(this.#view);
      }
    });
  }

  #quality(/** @type {string} */ participant) {
    let quality = this.#qualities.get(participant);
    if (!quality) {
      quality = new Quality();
      this.#qualities.set(participant, quality);
    }
    return quality;
  }

  #showQuality() {
    for (const participant of this.#view?.members.keys() ?? []) {
      const stats = this.#mixer?.stats(participant);
      if (stats && this.#mixer) {
        const quality = this.#quality(participant);
        quality.sample({ played: stats.played, lost: this.#lost.get(participant) ?? 0, late: stats.late });
        this.#people.quality(participant, quality.report(this.#chunkMs + stats.targetMs + this.#mixer.outputMs));
      }
    }
  }

  // The own voice

  #createTalk() {
    const talk = new Talk(
      (chunk) => this.#session?.sendAudio(chunk),
      (speaking) => {
        if (this.#view) {
          this.#people.light(this.#view.self, speaking);
        }
        this.#showOwn();
      },
    );
    this.#applyGate(talk);
    return talk;
  }

  #mode() {
    return this.#view?.pushToTalk ? 'ptt' : this.#settings.mode;
  }

  #applyGate(talk = this.#talk) {
    if (talk) {
      const own = this.#view?.members.get(this.#view.self);
      talk.gate.mode = this.#mode();
      talk.gate.thresholdDb = this.#settings.thresholdDb;
      talk.gate.pressed = this.#pressed;
      talk.gate.muted =
        this.#muted ||
        this.#deafened ||
        this.#loopback !== null ||
        !this.#session?.isJoined ||
        (own?.muted ?? false) ||
        ((this.#view?.roomMuted ?? false) && !this.#view?.permissions.moderate);
    }
  }

  #showOwn() {
    this.#applyGate();
    if (this.#mixer) {
      this.#mixer.silent = this.#deafened;
    }
    press(button('mute'), this.#muted);
    button('mute').disabled = this.#listensOnly;
    press(button('deafen'), this.#deafened);
    const mode = this.#mode();
    button('ptt').hidden = this.#listensOnly || mode !== 'ptt';
    element('mic-state', HTMLElement).textContent = this.#microphoneState(mode);
  }

  #microphoneState(/** @type {string} */ mode) {
    const own = this.#view?.members.get(this.#view.self);
    if (this.#listensOnly) {
      return 'Listening only';
    } else if (!this.#microphone) {
      return 'No microphone';
    } else if (own?.muted) {
      return 'Muted by a moderator';
    } else if (this.#muted) {
      return 'Muted';
    } else if (this.#talk?.gate.isOpen) {
      return 'Sending';
    }
    return { ptt: 'Hold the key or button to talk', voice: 'Sends when you speak', open: 'Sends all the time' }[mode] ?? '';
  }

  #openSound() {
    this.#sound ??= openAudio().then((context) => {
      this.#mixer = new Mixer(context);
      return { context, mixer: this.#mixer };
    });
    return this.#sound;
  }

  /** Opens the chosen microphone; where there is none, says so. Gives whether there is one. */
  async #openMicrophone() {
    const opening = ++this.#opening;
    this.#microphone?.close();
    this.#microphone = null;
    const { context } = await this.#openSound();
    try {
      const microphone = await openMicrophone(
        context,
        this.#settings,
        (samples, capturedMs) => this.#captured(samples, capturedMs),
        () => {
          this.#microphone = null;
          this.#noMicrophone('The microphone is gone.');
        },
      );
      if (opening !== this.#opening) {
        microphone.close();
        return false;
      }
      this.#microphone = microphone;
      showMessage('settings-message', null);
      await this.#dialog.showDevices();
      this.#showOwn();
      return true;
    } catch (failure) {
      this.#noMicrophone(/** @type {Error} */ (failure).message);
      return false;
    }
  }

  #noMicrophone(/** @type {string} */ why) {
    showMessage('settings-message', why);
    showNotice(`${why} You can listen meanwhile.`, 'Try again', () => {
      showNotice(null);
      void this.#openMicrophone();
    });
    this.#showOwn();
  }

  #closeMicrophone() {
    this.#opening++;
    this.#microphone?.close();
    this.#microphone = null;
  }

  #captured(/** @type {Float32Array} */ samples, /** @type {number} */ capturedMs) {
    this.#loopback?.frame(samples);
    this.#talk?.frame(samples, capturedMs);
    const sending = this.#talk?.gate.isOpen ?? false;
    this.#peakDb = Math.max(this.#peakDb, levelDb(samples));
    if (++this.#captures % METER_FRAMES !== 0) {
      return;
    }
    const db = this.#peakDb;
    this.#peakDb = -127;
    const mark = this.#mode() === 'voice' ? this.#settings.thresholdDb : null;
    showLevel('meter', db, mark, sending);
    if (this.#dialog.isOpen) {
      showLevel('test-meter', db, mark, this.#loopback !== null);
    }
  }

  // Settings

  #openedSettings() {
    // In the room of those who only listen no microphone is opened behind their back.
    if (!this.#microphone && !(this.#session && this.#listensOnly)) {
      void this.#openMicrophone();
    }
  }

  #changedSettings(/** @type {boolean} */ microphone) {
    this.#showOwn();
    if (microphone && this.#microphone) {
      void this.#openMicrophone();
    }
  }

  #closedSettings() {
    this.#closeLoopback();
    if (!this.#session) {
      this.#closeMicrophone();
      showNotice(null);
    }
  }

  async #toggleLoopback() {
    if (this.#loopback) {
      this.#closeLoopback();
      return;
    }
    const { context } = await this.#openSound();
    await context.resume();
    if (this.#microphone || (await this.#openMicrophone())) {
      this.#loopback = new Loopback(context);
      this.#dialog.showLoopback(true);
      this.#showOwn();
    }
  }

  #closeLoopback() {
    this.#loopback?.close();
    this.#loopback = null;
    this.#dialog.showLoopback(false);
    this.#showOwn();
  }
}

await new App().start();
