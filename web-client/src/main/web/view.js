/** The page: finds its elements, and shows the room. All texts of others go in as text, never as markup. */

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`#${id} is not there`);
  }
  return found;
}

/** @param {string} id */
export const button = (id) => element(id, HTMLButtonElement);

/** @param {string} id */
export const input = (id) => element(id, HTMLInputElement);

/**
 * Shows a message, or hides it where there is none.
 *
 * @param {string} id
 * @param {string | null} text
 */
export function showMessage(id, text) {
  const message = element(id, HTMLElement);
  message.textContent = text ?? '';
  message.hidden = !text;
}

/**
 * A message above the room.
 *
 * @param {string | null} text
 * @param {string} [action] what a button beside it does
 * @param {() => void} [act]
 */
export function showNotice(text, action, act) {
  element('notice', HTMLElement).hidden = !text;
  element('notice-text', HTMLElement).textContent = text ?? '';
  const actor = button('notice-action');
  actor.hidden = !action;
  actor.textContent = action ?? '';
  actor.onclick = act ?? null;
}

/** @param {string} text for who does not see the page */
export function announce(text) {
  element('announcer', HTMLElement).textContent = text;
}

/** @param {boolean} inRoom */
export function showScreen(inRoom) {
  element('join-screen', HTMLElement).hidden = inRoom;
  element('room-screen', HTMLElement).hidden = !inRoom;
}

/** @param {HTMLButtonElement} toggle @param {boolean} on */
export function press(toggle, on) {
  toggle.setAttribute('aria-pressed', String(on));
}

/**
 * @param {string} id of a meter
 * @param {number} db
 * @param {number | null} thresholdDb where the mark is
 * @param {boolean} sending
 */
export function showLevel(id, db, thresholdDb, sending) {
  const meter = element(id, HTMLElement);
  const shown = Math.max(-100, Math.min(0, Math.round(db)));
  meter.setAttribute('aria-valuenow', String(shown));
  meter.setAttribute('aria-valuetext', `${shown} decibels`);
  meter.style.setProperty('--level', String((shown + 100) / 100));
  meter.style.setProperty('--mark', thresholdDb === null ? '-5%' : `${thresholdDb + 100}%`);
  meter.classList.toggle('sending', sending);
}

/**
 * @typedef {import('./receiver.js').Member} Member
 * @typedef {import('./receiver.js').RoomView} RoomView
 *
 * @typedef {object} PersonActions
 * @property {(participant: string, percent: number) => void} volume
 * @property {(participant: string, on: boolean) => void} block
 * @property {(participant: string, on: boolean) => void} mute
 * @property {(participant: string) => void} kick
 */

/** The list of who is in the room. Entries stay while they are there, so that focus and sliders do too. */
export class People {
  #list = element('participants', HTMLUListElement);
  #actions;
  #volumes;
  /** @type {Map<string, HTMLLIElement>} */
  #entries = new Map();

  /** @param {PersonActions} actions @param {Record<string, number>} volumes by participant, in per cent */
  constructor(actions, volumes) {
    this.#actions = actions;
    this.#volumes = volumes;
  }

  clear() {
    this.#list.replaceChildren();
    this.#entries.clear();
  }

  /** @param {RoomView} view @param {(participant: string) => boolean} isBlocked */
  show(view, isBlocked) {
    element('people-count', HTMLElement).textContent = String(view.members.size);
    for (const [participant, entry] of this.#entries) {
      if (!view.members.has(participant)) {
        entry.remove();
        this.#entries.delete(participant);
      }
    }
    for (const member of view.members.values()) {
      const isSelf = member.participant === view.self;
      let entry = this.#entries.get(member.participant);
      if (!entry) {
        entry = this.#create(member, isSelf);
        this.#entries.set(member.participant, entry);
      }
      this.#update(entry, member, isSelf, view.permissions.moderate, isBlocked(member.participant));
    }
  }

  /** @param {string} participant @param {boolean} speaking */
  light(participant, speaking) {
    const entry = this.#entries.get(participant);
    if (entry) {
      entry.classList.toggle('speaking', speaking);
      part(entry, '.now').hidden = !speaking;
    }
  }

  /**
   * @param {string} participant
   * @param {{latencyMs: number | null, lossPercent: number, late: number, bars: number} | null} report
   */
  quality(participant, report) {
    const entry = this.#entries.get(participant);
    if (!entry) {
      return;
    }
    part(entry, '.bars').dataset.bars = String(report?.bars ?? 0);
    part(entry, '.bars').hidden = !report;
    part(entry, '.numbers').textContent = report
      ? `${report.latencyMs === null ? '' : `${report.latencyMs} ms, `}${report.lossPercent.toFixed(report.lossPercent < 10 ? 1 : 0)} % lost, ${report.late} late`
      : '';
  }

  #create(/** @type {Member} */ member, /** @type {boolean} */ isSelf) {
    const template = element('participant', HTMLTemplateElement);
    const entry = /** @type {HTMLLIElement} */ (template.content.querySelector('li')?.cloneNode(true));
    const id = member.participant;
    entry.dataset.participant = id;
    entry.classList.toggle('self', isSelf);
    const states = part(entry, '.states');
    for (const name of ['now', 'you', 'warn', 'self', 'deaf', 'blocked']) {
      const state = document.createElement('span');
      state.className = name;
      state.hidden = true;
      states.append(state);
    }
    part(entry, '.now').textContent = 'Speaking';
    part(entry, '.bars').hidden = true;
    part(entry, '.controls').hidden = isSelf;
    const volume = /** @type {HTMLInputElement} */ (part(entry, '.volume input'));
    volume.value = String(this.#volumes[id] ?? 100);
    volume.oninput = () => this.#actions.volume(id, Number(volume.value));
    act(entry, 'block').onclick = (event) => this.#actions.block(id, !isPressed(event));
    act(entry, 'mute').onclick = (event) => this.#actions.mute(id, !isPressed(event));
    act(entry, 'kick').onclick = () => this.#actions.kick(id);
    this.#list.append(entry);
    return entry;
  }

  /**
   * @param {HTMLLIElement} entry
   * @param {Member} member
   * @param {boolean} isSelf
   * @param {boolean} moderate
   * @param {boolean} blocked
   */
  #update(entry, member, isSelf, moderate, blocked) {
    const avatar = part(entry, '.avatar');
    avatar.textContent = initials(member.name);
    avatar.style.setProperty('--hue', String(hue(member.participant)));
    part(entry, '.name').textContent = member.name;
    state(entry, '.you', isSelf ? 'You' : '');
    state(entry, '.warn', member.muted ? 'Muted by a moderator' : '');
    state(entry, '.self', member.selfMuted ? 'Muted' : '');
    state(entry, '.deaf', member.deafened ? 'Deafened' : '');
    state(entry, '.blocked', blocked ? 'Muted for you' : '');
    entry.classList.toggle('speaking', member.speaking);
    part(entry, '.now').hidden = !member.speaking;
    part(entry, '.volume .hidden-label').textContent = `Volume of ${member.name}`;
    label(act(entry, 'block'), blocked ? 'Muted for me' : 'Mute for me', blocked, member.name);
    label(act(entry, 'mute'), member.muted ? 'Muted for all' : 'Mute for all', member.muted, member.name);
    label(act(entry, 'kick'), 'Kick', null, member.name);
    for (const control of entry.querySelectorAll('.moderator')) {
      /** @type {HTMLElement} */ (control).hidden = !moderate;
    }
  }
}

/** The messages, and what happened. */
export class Messages {
  #list = element('messages', HTMLElement);

  clear() {
    this.#list.replaceChildren();
  }

  /** @param {string} from @param {string} text */
  say(from, text) {
    const item = document.createElement('p');
    const name = document.createElement('span');
    name.className = 'from';
    name.textContent = from;
    item.append(name, text);
    this.#append(item);
  }

  /** @param {string} text */
  note(text) {
    const item = document.createElement('p');
    item.className = 'note';
    item.textContent = text;
    this.#append(item);
  }

  #append(/** @type {HTMLElement} */ item) {
    this.#list.append(item);
    while (this.#list.childElementCount > 200) {
      this.#list.firstElementChild?.remove();
    }
    item.scrollIntoView({ block: 'nearest' });
  }
}

function part(/** @type {HTMLElement} */ entry, /** @type {string} */ selector) {
  return /** @type {HTMLElement} */ (entry.querySelector(selector));
}

function act(/** @type {HTMLElement} */ entry, /** @type {string} */ name) {
  return /** @type {HTMLButtonElement} */ (entry.querySelector(`[data-act=${name}]`));
}

function isPressed(/** @type {Event} */ event) {
  return /** @type {HTMLElement} */ (event.currentTarget).getAttribute('aria-pressed') === 'true';
}

function state(/** @type {HTMLElement} */ entry, /** @type {string} */ selector, /** @type {string} */ text) {
  part(entry, selector).textContent = text;
  part(entry, selector).hidden = text === '';
}

function label(
  /** @type {HTMLButtonElement} */ control,
  /** @type {string} */ text,
  /** @type {boolean | null} */ on,
  /** @type {string} */ name,
) {
  control.textContent = text;
  control.setAttribute('aria-label', `${text}: ${name}`);
  if (on !== null) {
    press(control, on);
  }
}

function initials(/** @type {string} */ name) {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters.map((word) => [...word][0] ?? '').join('').toUpperCase();
}

function hue(/** @type {string} */ text) {
  let hash = 0;
  for (const character of text) {
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360;
  }
  return hash;
}
