const SIZE = 256;

/** How far a sequence number is ahead of another; both are 32 bit and wrap. */
export function ahead(/** @type {number} */ of, /** @type {number} */ than) {
  return (of - than) | 0;
}

/** Which of the last 256 numbers of a stream were played. What is older counts as played. */
export class PlayedWindow {
  /** @type {Set<number>} */
  #played = new Set();
  #highest = 0;
  #begun = false;

  /**
   * Marks a frame as played.
   *
   * @param {number} seq
   * @returns {boolean} false if it was before
   */
  mark(seq) {
    const lead = this.#begun ? ahead(seq, this.#highest) : 1;
    if (lead <= -SIZE || this.#played.has(seq)) {
      return false;
    }
    this.#begun = true;
    this.#played.add(seq);
    if (lead > 0) {
      this.#highest = seq;
      for (const old of this.#played) {
        if (ahead(old, seq) <= -SIZE) {
          this.#played.delete(old);
        }
      }
    }
    return true;
  }
}
