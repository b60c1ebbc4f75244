/** Cuts what the microphone gives into frames of 20 ms and posts them with the time, in samples, at which they began. */
class Capture extends AudioWorkletProcessor {
  #frame = new Float32Array(960);
  #filled = 0;

  /**
   * @param {Float32Array[][]} inputs
   * @returns {boolean}
   */
  process(inputs) {
    const channel = inputs[0][0];
    if (!channel) {
      return true;
    }
    let at = 0;
    while (at < channel.length) {
      const part = channel.subarray(at, at + this.#frame.length - this.#filled);
      this.#frame.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#frame.length) {
        this.port.postMessage({ samples: this.#frame, at: currentFrame + at - this.#frame.length }, [this.#frame.buffer]);
        this.#frame = new Float32Array(960);
        this.#filled = 0;
      }
    }
    return true;
  }
}

registerProcessor('parley-capture', Capture);
