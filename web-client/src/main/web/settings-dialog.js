import { microphones } from './microphone.js';
import { keyName } from './push-to-talk.js';
import { saveSettings } from './settings.js';
import { button, element, input, press } from './view.js';

/**
 * What the dialog asks of the page.
 *
 * @typedef {object} SettingsListener
 * @property {() => void} opened
 * @property {() => void} closed
 * @property {(microphone: boolean) => void} changed a setting, and whether the microphone has to be opened anew for it
 * @property {() => void} loopback starts or ends hearing oneself
 */

/** The dialog in which one chooses and tries the microphone, and when it sends. What is chosen is kept at once. */
export class SettingsDialog {
  #settings;
  #listener;
  #dialog = element('settings-dialog', HTMLDialogElement);
  #device = element('device', HTMLSelectElement);

  /** @param {import('./settings.js').Settings} settings @param {SettingsListener} listener */
  constructor(settings, listener) {
    this.#settings = settings;
    this.#listener = listener;
    for (const id of ['settings', 'join-settings']) {
      button(id).onclick = () => {
        this.#dialog.showModal();
        listener.opened();
      };
    }
    this.#dialog.onclose = () => listener.closed();
    this.#device.onchange = () => {
      settings.deviceId = this.#device.value;
      this.#changed(true);
    };
    for (const name of /** @type {const} */ (['echoCancellation', 'noiseSuppression', 'autoGainControl'])) {
      input(name).checked = settings[name];
      input(name).onchange = () => {
        settings[name] = input(name).checked;
        this.#changed(true);
      };
    }
    for (const radio of document.querySelectorAll('input[name=mode]')) {
      const choice = /** @type {HTMLInputElement} */ (radio);
      choice.checked = choice.value === settings.mode;
      choice.onchange = () => {
        settings.mode = /** @type {import('./voice-gate.js').TalkMode} */ (choice.value);
        this.#changed(false);
      };
    }
    input('threshold').value = String(settings.thresholdDb);
    input('threshold').oninput = () => {
      settings.thresholdDb = Number(input('threshold').value);
      this.#changed(false);
    };
    button('key').onclick = () => this.#chooseKey();
    button('loopback').onclick = () => listener.loopback();
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.showDevices());
    this.#show();
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** @param {boolean} on whether one hears oneself */
  showLoopback(on) {
    press(button('loopback'), on);
  }

  /** The names of microphones are known only when one has been opened. */
  async showDevices() {
    const known = await microphones();
    this.#device.replaceChildren(
      new Option('Default', ''),
      ...known
        .filter(({ deviceId }) => deviceId !== 'default')
        .map(({ label, deviceId }, i) => new Option(label || `Microphone ${i + 1}`, deviceId)),
    );
    this.#device.value = this.#settings.deviceId;
    if (this.#device.selectedIndex < 0) {
      this.#device.value = '';
    }
  }

  /** @param {boolean} microphone */
  #changed(microphone) {
    saveSettings(this.#settings);
    this.#show();
    this.#listener.changed(microphone);
  }

  #show() {
    element('threshold-value', HTMLOutputElement).textContent = `${this.#settings.thresholdDb} dB`;
    element('threshold-field', HTMLElement).hidden = this.#settings.mode !== 'voice';
    for (const id of ['key-name', 'ptt-key']) {
      element(id, HTMLElement).textContent = keyName(this.#settings.key);
    }
  }

  #chooseKey() {
    element('key-name', HTMLElement).textContent = 'press one …';
    document.addEventListener(
      'keydown',
      (event) => {
        event.preventDefault();
        event.stopPropagation();
        if (event.code !== 'Escape' && event.code !== 'Tab') {
          this.#settings.key = event.code;
        }
        this.#changed(false);
      },
      { once: true, capture: true },
    );
  }
}
