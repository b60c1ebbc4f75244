/**
 * The binary formats of docs/formats.md that a client meets: the chunk, which it sends, and live frames, which it hears.
 */

const VERSION = 1;
const HEADER_BYTES = 22;
const FRAME_HEADER_BYTES = 3;
const RUN_HEADER_BYTES = 7;

export const OPUS = 0;
export const END_OF_SPURT = 1;
export const PUSH_TO_TALK = 2;
export const TRACE = 4;

/**
 * @typedef {object} Frame
 * @property {number} level in -dBov, 0 to 127
 * @property {Uint8Array} payload
 *
 * @typedef {object} Chunk
 * @property {number} codec
 * @property {number} flags
 * @property {number} seq of the first frame, 0 to 2^32-1
 * @property {number} offset how many frames into its spurt the first one is
 * @property {number} frameUs duration of a frame
 * @property {number} captureMs when the first frame's capture began, ms since the epoch
 * @property {Frame[]} frames
 *
 * @typedef {Frame & {stream: number, seq: number}} LiveFrame
 */

/**
 * @param {Chunk} chunk
 * @returns {Uint8Array}
 */
export function encodeChunk(chunk) {
  const size = chunk.frames.reduce((sum, frame) => sum + FRAME_HEADER_BYTES + frame.payload.length, HEADER_BYTES);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, chunk.codec);
  view.setUint8(2, chunk.flags);
  view.setUint8(3, chunk.frames.length);
  view.setUint32(4, chunk.seq);
  view.setUint32(8, chunk.offset);
  view.setUint16(12, chunk.frameUs);
  view.setBigUint64(14, BigInt(Math.max(0, Math.round(chunk.captureMs))));
  let at = HEADER_BYTES;
  for (const frame of chunk.frames) {
    view.setUint16(at, frame.payload.length);
    view.setUint8(at + 2, frame.level);
    bytes.set(frame.payload, at + FRAME_HEADER_BYTES);
    at += FRAME_HEADER_BYTES + frame.payload.length;
  }
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Chunk}
 * @throws {RangeError} if it is not a chunk
 */
export function decodeChunk(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== VERSION) {
    throw new RangeError('a chunk of another version');
  }
  /** @type {Frame[]} */
  const frames = [];
  let at = HEADER_BYTES;
  for (let i = view.getUint8(3); i > 0; i--) {
    const frame = frameAt(bytes, view, at);
    frames.push(frame);
    at += FRAME_HEADER_BYTES + frame.payload.length;
  }
  if (at !== bytes.length) {
    throw new RangeError('a chunk goes on after its frames');
  }
  return {
    codec: view.getUint8(1),
    flags: view.getUint8(2),
    seq: view.getUint32(4),
    offset: view.getUint32(8),
    frameUs: view.getUint16(12),
    captureMs: Number(view.getBigUint64(14)),
    frames,
  };
}

/**
 * Reads a tick's frames, in order.
 *
 * @param {Uint8Array} bytes
 * @returns {LiveFrame[]}
 * @throws {RangeError} if they are cut off
 */
export function decodeLiveFrames(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** @type {LiveFrame[]} */
  const frames = [];
  let at = 0;
  while (at < bytes.length) {
    const stream = view.getUint16(at);
    const first = view.getUint32(at + 2);
    const count = view.getUint8(at + 6);
    if (count === 0) {
      throw new RangeError('a run without frames');
    }
    at += RUN_HEADER_BYTES;
    for (let i = 0; i < count; i++) {
      const frame = frameAt(bytes, view, at);
      frames.push({ stream, seq: (first + i) >>> 0, ...frame });
      at += FRAME_HEADER_BYTES + frame.payload.length;
    }
  }
  return frames;
}

/**
 * @param {Uint8Array} bytes
 * @param {DataView} view
 * @param {number} at
 * @returns {Frame}
 */
function frameAt(bytes, view, at) {
  const end = at + FRAME_HEADER_BYTES + view.getUint16(at);
  if (end > bytes.length) {
    throw new RangeError('a frame is cut off');
  }
  return { level: view.getUint8(at + 2), payload: bytes.slice(at + FRAME_HEADER_BYTES, end) };
}
