/** The microphone: its frames of 20 ms, one by one. */

/**
 * @typedef {object} MicrophoneSettings
 * @property {string} deviceId empty for the default
 * @property {boolean} echoCancellation
 * @property {boolean} noiseSuppression
 * @property {boolean} autoGainControl
 */

/** Why there is no microphone, in words for the user. */
export class MicrophoneError extends Error {}

export class Microphone {
  #stream;
  #source;
  #node;

  /**
   * @param {AudioContext} context
   * @param {MediaStream} stream
   * @param {(samples: Float32Array, capturedAtMs: number) => void} frame with when its capture began, ms since the epoch
   * @param {() => void} gone the device was unplugged
   */
  constructor(context, stream, frame, gone) {
    this.#stream = stream;
    this.#source = context.createMediaStreamSource(stream);
    this.#node = new AudioWorkletNode(context, 'parley-capture', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
    /** When sample 0 was captured by the wall clock, as the quickest message says: others came late. */
    let originMs = Infinity;
    this.#node.port.onmessage = ({ data }) => {
      const sampleMs = (data.at / context.sampleRate) * 1_000;
      const lengthMs = (data.samples.length / context.sampleRate) * 1_000;
      // It drifts up a little with each frame, so that clocks that run apart do not pull it away for good.
      originMs = Math.min(originMs + 0.005, Date.now() - lengthMs - sampleMs);
      frame(data.samples, originMs + sampleMs);
    };
    this.#source.connect(this.#node);
    const track = stream.getAudioTracks()[0];
    track.onended = gone;
  }

  get label() {
    return this.#stream.getAudioTracks()[0].label;
  }

  get deviceId() {
    return this.#stream.getAudioTracks()[0].getSettings().deviceId ?? '';
  }

  close() {
    for (const track of this.#stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    this.#source.disconnect();
    this.#node.port.onmessage = null;
  }
}

/**
 * Asks the user, where they were not asked before.
 *
 * @param {AudioContext} context
 * @param {MicrophoneSettings} settings
 * @param {(samples: Float32Array, capturedAtMs: number) => void} frame
 * @param {() => void} gone
 * @returns {Promise<Microphone>}
 * @throws {MicrophoneError}
 */
export async function openMicrophone(context, settings, frame, gone) {
  const audio = {
    deviceId: settings.deviceId ? { exact: settings.deviceId } : undefined,
    channelCount: 1,
    echoCancellation: settings.echoCancellation,
    noiseSuppression: settings.noiseSuppression,
    autoGainControl: settings.autoGainControl,
  };
  try {
    return new Microphone(context, await navigator.mediaDevices.getUserMedia({ audio }), frame, gone);
  } catch (failure) {
    const name = /** @type {Error} */ (failure).name;
    if (name === 'OverconstrainedError' && settings.deviceId) {
      return openMicrophone(context, { ...settings, deviceId: '' }, frame, gone);
    }
    throw new MicrophoneError(explanation(name), { cause: failure });
  }
}

/** @returns {Promise<MediaDeviceInfo[]>} */
export async function microphones() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === 'audioinput' && device.deviceId !== '');
}

/** @param {string} name of the exception (Media Capture and Streams, getUserMedia) */
function explanation(name) {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'The browser was not allowed to use the microphone. Allow it for this page (the icon beside the address), then try again.';
    case 'NotFoundError':
      return 'No microphone was found. Plug one in, then try again.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The microphone cannot be used: another program may have it.';
    default:
      return `The microphone cannot be used (${name}).`;
  }
}
