import { Chart, plain, Tile } from './charts.js';
import { assess } from './health.js';
import { History } from './history.js';
import { COST_CHART, COST_TILE, GROUPS, HOPS, jobFacts, LISTENERS, NOT_PLAYED, TILES } from './panels.js';

/**
 * @typedef {import('./history.js').Snapshot} Snapshot
 * @typedef {{room: string, speakers: number, listeners: number, ticks: number, frames: number}} RoomRow
 * @typedef {{periodMs: number, keptMs: number, rooms: RoomRow[], snapshots: Snapshot[]}} Data
 */

const KEPT_MS = 15 * 60 * 1000;
const POLL_MS = 1_000;

const history = new History(KEPT_MS);
const tiles = TILES.map((spec) => new Tile(spec));
/** @type {Chart[]} */
const charts = [];
let spanSeconds = 300;
let costShown = false;

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @param {string} tag
 * @param {string} text
 * @param {string} [className]
 */
function make(tag, text, className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

/**
 * A headed group of charts.
 * @param {{title: string, explains: string, charts: import('./charts.js').ChartSpec[], details: string}} group
 */
function addGroup(group) {
  const section = document.createElement('section');
  section.className = 'group';
  const head = make('div', '', 'group-head');
  const title = make('h2', group.title);
  title.id = `group-${charts.length}`;
  section.setAttribute('aria-labelledby', title.id);
  head.append(title, make('p', group.explains));
  const grid = make('div', '', 'grid');
  for (const spec of group.charts) {
    const chart = new Chart(spec);
    charts.push(chart);
    grid.append(chart.element);
  }
  section.append(head, grid);
  if (group.details) {
    const details = make('div', '', 'card details');
    details.id = `details-${group.details}`;
    if (group.details === 'hops') {
      scrollable(details, 'Latency of each hop, now');
    }
    section.append(details);
  }
  at('groups').append(section);
}

/** Lets the keyboard scroll what is too wide for a phone. @param {HTMLElement} box @param {string} name */
function scrollable(box, name) {
  box.tabIndex = 0;
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', name);
}

function layOut() {
  at('tiles').append(...tiles.map((tile) => tile.element));
  GROUPS.forEach(addGroup);
}

function showCost() {
  if (!costShown && history.latest?.usdPerHour !== undefined) {
    costShown = true;
    const tile = new Tile(COST_TILE);
    tiles.push(tile);
    at('tiles').append(tile.element);
    addGroup({ title: 'Cost', explains: 'An estimate, by AWS’s list prices.', charts: [COST_CHART], details: '' });
  }
}

/** @param {RoomRow[]} rooms */
function show(rooms) {
  const now = history.latest;
  if (!now) {
    return;
  }
  showCost();
  const health = assess(history);
  at('health').dataset.state = health.state;
  // A screen reader says it again whenever it is written.
  if (at('sentence').textContent !== health.sentence) {
    at('sentence').textContent = health.sentence;
  }
  at('reasons').replaceChildren(...health.reasons.map((reason) => make('li', reason)));
  at('reasons').hidden = health.reasons.length === 0;
  at('empty').hidden = now.rooms > 0 || history.growth((s) => s.counts.framesTaken, KEPT_MS / 1000) > 0;
  tiles.forEach((tile) => tile.draw(history, spanSeconds));
  charts.forEach((chart) => chart.draw(history, spanSeconds));
  showHops(now);
  showReasons(now);
  at('details-job').replaceChildren(facts(jobFacts(now)));
  at('rooms').replaceChildren(...rooms.map(roomRow));
  at('no-rooms').hidden = rooms.length > 0;
}

/** @param {RoomRow} row */
function roomRow(row) {
  const line = document.createElement('tr');
  const name = make('th', row.room);
  name.setAttribute('scope', 'row');
  line.append(
    name,
    ...[row.speakers, row.listeners, row.ticks, row.frames].map((number) => make('td', plain(number), 'number')),
  );
  return line;
}

/** The latest percentiles, with p95 as a bar. @param {Snapshot} now */
function showHops(now) {
  const most = Math.max(1, ...HOPS.map(([hop]) => now.hops[hop]?.p95 ?? 0));
  const table = document.createElement('table');
  table.className = 'hops';
  const head = document.createElement('tr');
  for (const title of ['Hop', 'p50', 'p95', 'p99', 'most', '']) {
    const cell = make(title ? 'th' : 'td', title, title && title !== 'Hop' ? 'number' : '');
    if (title) {
      cell.setAttribute('scope', 'col');
    }
    head.append(cell);
  }
  table.append(make('caption', 'Now, in milliseconds'), head);
  for (const [hop, label] of [...HOPS, /** @type {const} */ (['WHOLE', 'gateway → post, all of it'])]) {
    const known = now.hops[hop];
    const line = document.createElement('tr');
    const name = make('th', label);
    name.setAttribute('scope', 'row');
    const numbers = known ? [known.p50, known.p95, known.p99, known.max] : [null, null, null, null];
    line.append(name, ...numbers.map((ms) => make('td', ms === null ? '–' : ms.toFixed(1), 'number')));
    const bar = make('td', '', 'bar');
    if (known && hop !== 'WHOLE') {
      const length = document.createElement('div');
      length.style.width = `${(100 * known.p95) / most}%`;
      bar.append(length);
    }
    line.append(bar);
    table.append(line);
  }
  at('details-hops').replaceChildren(table);
}

/** Counts since the start, by reason. @param {Snapshot} now */
function showReasons(now) {
  /** @type {[string, string][]} */
  const rows = [];
  for (const [name, label, why] of NOT_PLAYED) {
    rows.push([`${label}: ${why}`, plain(now.notPlayed[name] ?? 0)]);
  }
  for (const [name, label, why] of LISTENERS) {
    rows.push([`${label}: ${why}`, plain(now.listeners[name] ?? 0)]);
  }
  for (const [code, count] of Object.entries(now.refused)) {
    rows.push([`refused: ${code}`, plain(count)]);
  }
  for (const [code, count] of Object.entries(now.rejected)) {
    rows.push([`rejected: ${code}`, plain(count)]);
  }
  at('details-reasons').replaceChildren(make('h3', 'Since the stack started'), facts(rows));
}

/** @param {[string, string][]} rows */
function facts(rows) {
  const list = make('dl', '', 'facts');
  for (const [name, value] of rows) {
    const pair = document.createElement('div');
    pair.append(make('dt', name), make('dd', value, value === '0' ? 'zero' : ''));
    list.append(pair);
  }
  return list;
}

async function poll() {
  if (!document.hidden) {
    try {
      const answer = await fetch(`data?after=${history.latest?.atMs ?? 0}`);
      if (!answer.ok) {
        throw new Error(`${answer.status}`);
      }
      const data = /** @type {Data} */ (await answer.json());
      history.add(data.snapshots);
      show(data.rooms);
    } catch {
      at('health').dataset.state = 'trouble';
      at('sentence').textContent = 'The stack does not answer. It may have stopped, or be starting again.';
      at('reasons').hidden = true;
    }
  }
  setTimeout(poll, POLL_MS);
}

async function linkFlink() {
  const config = await (await fetch('config.json')).json();
  const link = /** @type {HTMLAnchorElement} */ (at('flink'));
  if (config.flink) {
    link.href = config.flink;
    link.hidden = false;
  }
}

layOut();
at('span').addEventListener('change', (event) => {
  spanSeconds = Number(/** @type {HTMLInputElement} */ (event.target).value);
  [...tiles, ...charts].forEach((drawn) => drawn.draw(history, spanSeconds));
});
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  charts.forEach((chart) => chart.forgetColours());
});
linkFlink().catch(() => {});
poll();
