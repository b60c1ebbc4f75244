/**
 * What the user has chosen, kept in the browser.
 *
 * @typedef {object} Settings
 * @property {string} name
 * @property {string} room
 * @property {import('./voice-gate.js').TalkMode} mode
 * @property {string} key of push-to-talk, as KeyboardEvent.code
 * @property {number} thresholdDb
 * @property {string} deviceId
 * @property {boolean} echoCancellation
 * @property {boolean} noiseSuppression
 * @property {boolean} autoGainControl
 * @property {Record<string, number>} volumes by participant, in per cent
 */

const KEY = 'parley.settings';

/** @type {Settings} */
const DEFAULTS = {
  name: '',
  room: 'lobby',
  mode: 'voice',
  key: 'KeyV',
  thresholdDb: -45,
  deviceId: '',
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  volumes: {},
};

/** @returns {Settings} */
export function loadSettings() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return { ...DEFAULTS };
  }
}

/** @param {Settings} settings */
export function saveSettings(settings) {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing still talks.
  }
}
