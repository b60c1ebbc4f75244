import uPlot from './uplot.js';

/**
 * @typedef {import('./history.js').History} History
 * @typedef {object} Line
 * @property {string} label
 * @property {(history: History) => (number | null)[]} values
 *
 * @typedef {object} ChartSpec
 * @property {string} title
 * @property {string} unit
 * @property {string} explains what the chart shows, in a sentence or two
 * @property {(history: History) => Line[]} lines which it has now; may change as shards or tasks come
 * @property {(value: number) => string} [format]
 * @property {number} [least] what the axis shows at least, from zero
 */

const HEIGHT = 190;
/** Lines are told apart by their dashes too, not only by colour. */
const DASHES = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 5], [], [8, 4], [2, 3]];

/** @param {number} value */
export const plain = (value) =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

/** @param {number} value bytes */
export function bytes(value) {
  const units = ['B', 'KB', 'MB', 'GB'];
  const unit = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${plain(value / 1000 ** unit)} ${units[unit]}`;
}

/** @param {string} name of a custom property of the page's style */
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {number} index */
const colour = (index) => style(`--line-${(index % 8) + 1}`);

/** @param {number} seconds */
const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString('en-GB');

/**
 * A line's name with a piece of the line, and a place for its value.
 * @param {string} label
 * @param {number} index
 */
function legendEntry(label, index) {
  const entry = document.createElement('li');
  const svg = 'http://www.w3.org/2000/svg';
  const piece = document.createElementNS(svg, 'svg');
  piece.setAttribute('width', '24');
  piece.setAttribute('height', '6');
  piece.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(svg, 'line');
  for (const [name, value] of Object.entries({ x1: 0, y1: 3, x2: 24, y2: 3, 'stroke-width': 2.5, stroke: colour(index) })) {
    line.setAttribute(name, String(value));
  }
  line.setAttribute('stroke-dasharray', DASHES[index % DASHES.length].join(' '));
  piece.append(line);
  const value = document.createElement('span');
  value.className = 'value';
  entry.append(piece, `${label} `, value);
  return entry;
}

/** A card with a title, an explanation and a chart, which is drawn anew when its lines or the colours change. */
export class Chart {
  #spec;
  #figure;
  #place;
  #legend;
  /** @type {uPlot | null} */
  #plot = null;
  #labels = '';
  #width = 0;
  #spanSeconds = 300;

  /** @param {ChartSpec} spec */
  constructor(spec) {
    this.#spec = spec;
    this.#figure = document.createElement('figure');
    this.#figure.className = 'card chart';
    const caption = document.createElement('figcaption');
    const title = document.createElement('h3');
    title.textContent = spec.title;
    const unit = document.createElement('span');
    unit.className = 'unit';
    unit.textContent = spec.unit;
    title.append(unit);
    const explains = document.createElement('p');
    explains.textContent = spec.explains;
    caption.append(title, explains);
    this.#place = document.createElement('div');
    this.#place.className = 'plot';
    // A canvas says nothing to a screen reader; this does.
    this.#legend = document.createElement('ul');
    this.#legend.className = 'legend';
    this.#legend.setAttribute('aria-label', `${spec.title}, ${spec.unit}`);
    this.#figure.append(caption, this.#place, this.#legend);
  }

  get element() {
    return this.#figure;
  }

  /**
   * @param {History} history
   * @param {number} spanSeconds
   */
  draw(history, spanSeconds) {
    const lines = this.#spec.lines(history);
    const labels = lines.map((line) => line.label).join('\n');
    const width = this.#place.clientWidth;
    this.#spanSeconds = spanSeconds;
    const values = lines.map((line) => line.values(history));
    const data = [history.seconds(), ...values];
    if (!this.#plot || labels !== this.#labels) {
      this.#labels = labels;
      this.#width = width;
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(lines, width), data, this.#place);
      this.#legend.replaceChildren(...lines.map((line, i) => legendEntry(line.label, i)));
    } else {
      if (width !== this.#width) {
        this.#width = width;
        this.#plot.setSize({ width, height: HEIGHT });
      }
      this.#plot.setData(data);
    }
    this.#tell(this.#plot);
  }

  /** Writes the values under the cursor, or else the latest, beside the lines' names. @param {uPlot} plot */
  #tell(plot) {
    const index = plot.cursor.idx ?? plot.data[0].length - 1;
    this.#legend.querySelectorAll('.value').forEach((value, i) => {
      value.textContent = this.#written(plot.data[i + 1]?.[index] ?? null);
    });
  }

  /** The colours have changed: the next drawing is with them. */
  forgetColours() {
    this.#labels = '';
  }

  /** @param {number | null} value */
  #written(value) {
    return value === null ? '–' : (this.#spec.format ?? plain)(value);
  }

  /**
   * @param {Line[]} lines
   * @param {number} width
   * @returns {import('./uplot.js').Options}
   */
  #options(lines, width) {
    const axis = {
      stroke: style('--soft'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: style('--grid'), width: 1 },
      ticks: { stroke: style('--grid'), width: 1, size: 4 },
    };
    const least = this.#spec.least ?? 1;
    return {
      width,
      height: HEIGHT,
      padding: [8, 24, 0, 0],
      cursor: { sync: { key: 'ops' }, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: {
          range: (_, __, max) => {
            const end = max ?? Date.now() / 1000;
            return [end - this.#spanSeconds, end];
          },
        },
        y: { range: (_, __, max) => [0, Math.max(least, (max ?? 0) * 1.1)] },
      },
      axes: [
        { ...axis, space: 90, size: 26, values: (_, splits) => splits.map(clock) },
        { ...axis, space: 34, size: 54, gap: 4, values: (_, splits) => splits.map((split) => this.#written(split)) },
      ],
      legend: { show: false },
      hooks: { setCursor: [(plot) => this.#tell(plot)] },
      series: [
        {},
        ...lines.map((_, i) => ({
          stroke: colour(i),
          width: 1.75,
          dash: DASHES[i % DASHES.length],
          points: { show: false },
        })),
      ],
    };
  }
}

/** A figure with its last minutes as a line, for the row of tiles. */
export class Tile {
  #spec;
  #tile;
  #figure;
  #canvas;

  /** @param {{label: string, unit: string, value: (history: History) => number | null, line: (history: History) => (number | null)[], format?: (value: number) => string}} spec */
  constructor(spec) {
    this.#spec = spec;
    this.#tile = document.createElement('div');
    this.#tile.className = 'card tile';
    const label = document.createElement('p');
    label.className = 'label';
    label.textContent = spec.label;
    this.#figure = document.createElement('p');
    this.#figure.className = 'figure';
    this.#canvas = document.createElement('canvas');
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#tile.append(label, this.#figure, this.#canvas);
  }

  get element() {
    return this.#tile;
  }

  /**
   * @param {History} history
   * @param {number} spanSeconds
   */
  draw(history, spanSeconds) {
    const value = this.#spec.value(history);
    const unit = document.createElement('span');
    unit.className = 'unit';
    unit.textContent = value === null ? '' : this.#spec.unit;
    this.#figure.replaceChildren(value === null ? '–' : (this.#spec.format ?? plain)(value), unit);
    this.#spark(history.seconds(), this.#spec.line(history), spanSeconds);
  }

  /**
   * @param {number[]} seconds
   * @param {(number | null)[]} values
   * @param {number} spanSeconds
   */
  #spark(seconds, values, spanSeconds) {
    const canvas = this.#canvas;
    const pen = canvas.getContext('2d');
    const scale = window.devicePixelRatio;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const end = seconds.at(-1);
    if (!pen || end === undefined) {
      return;
    }
    pen.scale(scale, scale);
    const shown = values.filter((_, i) => seconds[i] >= end - spanSeconds);
    const top = Math.max(1e-9, ...shown.map((value) => value ?? 0));
    const x = (/** @type {number} */ at) => width * (1 - (end - at) / spanSeconds);
    pen.beginPath();
    let drawing = false;
    let first = width;
    seconds.forEach((at, i) => {
      const value = values[i];
      if (at < end - spanSeconds || value === null) {
        drawing = false;
        return;
      }
      const y = height - 2 - (height - 4) * (value / top);
      if (drawing) {
        pen.lineTo(x(at), y);
      } else {
        pen.moveTo(x(at), y);
        first = Math.min(first, x(at));
      }
      drawing = true;
    });
    pen.strokeStyle = style('--accent');
    pen.lineWidth = 1.5;
    pen.lineJoin = 'round';
    pen.stroke();
  }
}
