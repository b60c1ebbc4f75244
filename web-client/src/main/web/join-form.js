import { cognitoUser, developmentUser, pasted } from './sign-in.js';
import { button, element, input, showMessage } from './view.js';

/**
 * @typedef {import('./session.js').Credentials} Credentials
 * @typedef {import('./settings.js').Settings} Settings
 * @typedef {import('./sign-in.js').Config} Config
 */

/** The form before the room: who one is, which room it is to be, and how to sign in where that is not known. */
export class JoinForm {
  /** @type {Config} */
  #config = {};

  /** @param {Settings} settings what was typed the last time @param {(listensOnly: boolean) => void} join */
  constructor(settings, join) {
    input('name').value = settings.name;
    input('room').value = settings.room;
    element('join-form', HTMLFormElement).onsubmit = (event) => {
      event.preventDefault();
      const submitter = /** @type {HTMLButtonElement | null} */ (event.submitter);
      join(submitter?.value === 'listen');
    };
    for (const way of document.querySelectorAll('input[name=way]')) {
      /** @type {HTMLInputElement} */ (way).onchange = () => this.#showWay();
    }
  }

  /**
   * Shows what this server needs to know.
   *
   * @param {Config} config
   * @param {string | null} obstacle why one cannot join at all
   */
  show(config, obstacle) {
    this.#config = config;
    const { session, roomPolicy, url, apiKey, cognito } = config;
    element('moderate-field', HTMLElement).hidden = !session || roomPolicy !== 'ticket';
    element('sign-in', HTMLElement).hidden = Boolean(session);
    element('deployment', HTMLElement).hidden = Boolean(url && apiKey);
    element('ways', HTMLElement).hidden = !cognito;
    const way = document.querySelector(`input[name=way][value=${cognito ? 'cognito' : 'paste'}]`);
    /** @type {HTMLInputElement} */ (way).checked = true;
    this.#showWay();
    showMessage('join-message', obstacle);
    for (const id of ['join', 'listen', 'join-settings']) {
      button(id).disabled = obstacle !== null;
    }
  }

  #way() {
    return /** @type {HTMLInputElement} */ (document.querySelector('input[name=way]:checked')).value;
  }

  #showWay() {
    element('by-cognito', HTMLElement).hidden = this.#way() !== 'cognito';
    element('by-paste', HTMLElement).hidden = this.#way() !== 'paste';
  }

  get name() {
    return input('name').value.trim();
  }

  get room() {
    return input('room').value.trim();
  }

  get url() {
    return this.#config.url ?? input('url').value.trim();
  }

  get apiKey() {
    return this.#config.apiKey ?? input('api-key').value.trim();
  }

  /** @returns {Promise<Credentials>} */
  async credentials() {
    const { session, roomPolicy, cognito } = this.#config;
    if (session) {
      return developmentUser(session, this.name, this.room, input('moderate').checked, roomPolicy === 'ticket');
    }
    const ticket = input('ticket').value.trim();
    if (cognito && this.#way() === 'cognito') {
      return cognitoUser(cognito, input('username').value, input('password').value, ticket);
    }
    return pasted(input('token').value.trim(), ticket);
  }

  forgetPassword() {
    input('password').value = '';
  }

  /** @param {boolean} joining */
  setJoining(joining) {
    button('join').disabled = joining;
    button('listen').disabled = joining;
    button('join').textContent = joining ? 'Joining …' : 'Join';
  }
}
