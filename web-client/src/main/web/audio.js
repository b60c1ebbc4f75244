/** The page's one AudioContext, and what in the browser may be missing. */

export const SAMPLE_RATE = 48_000;
export const FRAME_SAMPLES = 960;
export const FRAME_US = 20_000;

/** What this browser or page lacks for voice; null where nothing does. */
export function obstacle() {
  if (!window.isSecureContext) {
    return (
      'This page was not loaded securely, so the browser gives it no microphone and no audio codec. ' +
      'Open it by https, or by http://localhost or http://127.0.0.1 on this machine.'
    );
  }
  if (!('AudioEncoder' in window) || !('AudioDecoder' in window)) {
    return 'This browser has no WebCodecs, which voice needs. Current versions of Chrome, Edge, Firefox and Safari have it.';
  }
  if (!('AudioWorkletNode' in window)) {
    return 'This browser has no AudioWorklet, which voice needs. Please use a current one.';
  }
  return null;
}

/**
 * Must be called by a click or key, or the browser keeps the context silent.
 *
 * @returns {Promise<AudioContext>}
 */
export async function openAudio() {
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  const running = context.resume();
  await Promise.all(['capture-worklet.js', 'playout-worklet.js'].map((module) => context.audioWorklet.addModule(module)));
  await running;
  return context;
}
