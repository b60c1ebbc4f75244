// Runs in the page before its own scripts: records what goes to the output, and what the microphone gives, from outside.
(() => {
  const taps = {};
  const connect = AudioNode.prototype.connect;
  window.taps = taps;

  const record = async (name, context, node) => {
    const tap = {
      originMs: Infinity,
      first: null,
      blocks: [],
      latencyMs: () => (context.baseLatency + (context.outputLatency || 0)) * 1000,
    };
    taps[name] = tap;
    tap.sources = [node];
    await context.audioWorklet.addModule('/tap-worklet.js');
    const recorder = new AudioWorkletNode(context, 'tap', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
    recorder.port.onmessage = ({ data }) => {
      // The quickest message says best when it was.
      tap.originMs = Math.min(tap.originMs, Date.now() - ((data.at + data.samples.length) / context.sampleRate) * 1000);
      tap.first ??= data.at;
      tap.blocks.push(data.samples);
      tap.rate = context.sampleRate;
      // Half a minute is more than any test listens to.
      if (tap.blocks.length > 600) {
        tap.blocks.shift();
        tap.first += data.samples.length;
      }
    };
    tap.recorder = recorder;
    tap.sources.forEach((from) => connect.call(from, recorder));
  };

  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      if (!taps.output) {
        void record('output', this.context, this);
      } else if (taps.output.recorder) {
        connect.call(this, taps.output.recorder);
      } else {
        taps.output.sources.push(this);
      }
    }
    return connect.call(this, target, ...rest);
  };

  const source = AudioContext.prototype.createMediaStreamSource;
  AudioContext.prototype.createMediaStreamSource = function (stream) {
    const node = source.call(this, stream);
    void record('microphone', this, node);
    return node;
  };

  /** What was recorded last, as PCM of 16 bits in base64, and when it began; null where nothing was. */
  window.recorded = (name, seconds) => {
    const tap = taps[name];
    if (!tap?.blocks.length) {
      return null;
    }
    const skipped = Math.max(0, tap.blocks.length - Math.ceil((seconds * tap.rate) / 2400));
    const blocks = tap.blocks.slice(skipped);
    const length = blocks.reduce((sum, block) => sum + block.length, 0);
    const bytes = new Uint8Array(length * 2);
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const block of blocks) {
      for (const sample of block) {
        view.setInt16(at, Math.max(-1, Math.min(1, sample)) * 32767, true);
        at += 2;
      }
    }
    let text = '';
    for (let i = 0; i < bytes.length; i += 0x8000) {
      text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
    }
    return { pcm: btoa(text), startMs: tap.originMs + ((tap.first + skipped * 2400) / tap.rate) * 1000 };
  };
})();
