/** Hands on all that goes in, in blocks, with the sample at which each began. */
class Tap extends AudioWorkletProcessor {
  block = new Float32Array(2400);
  filled = 0;

  process(inputs) {
    const channel = inputs[0][0];
    for (let i = 0; i < 128; i++) {
      this.block[this.filled++] = channel ? channel[i] : 0;
      if (this.filled === this.block.length) {
        this.port.postMessage({ samples: this.block, at: currentFrame + i + 1 - this.block.length });
        this.filled = 0;
      }
    }
    return true;
  }
}

registerProcessor('tap', Tap);
