// The last hours: how many transitions, and how long they took to Kafka. As pictures, in a
// sentence, and as a table.

import { $, element, setText } from './dom.js';
import { draw, linear, logarithmic } from './plot.js';
import { answers } from './polls.js';
import { cells } from './environments.js';
import { count, delay, hourAndMinute, plural, setTime } from './words.js';

const ROW_MINUTES = 30;
const LEAST_MINUTES = 30; // drawn, so that the first minutes are no broad beams

let drawnFor = null;

/** The slowest, the middle and so on of the minutes that have a value. */
function quantile(values, share) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : null;
}

const sum = (values) => values.reduce((a, b) => a + b, 0);
const most = (values) => values.reduce((a, b) => Math.max(a, b ?? 0), 0);
const tick = (ms) => (ms < 1_000 ? `${ms} ms` : `${count(ms / 1_000)} s`);
const known = (ms) => (ms === null ? '–' : delay(ms));

/** One line of the table: some minutes taken together. */
export function together(buckets) {
  return {
    time: buckets[0].time,
    transitions: sum(buckets.map((b) => b.transitions)),
    delivered: sum(buckets.map((b) => b.delivered)),
    usual: quantile(buckets.map((b) => b.delayP50Ms), 0.5),
    slow: quantile(buckets.map((b) => b.delayP99Ms), 1),
    backlog: most(buckets.map((b) => b.backlogMax)),
  };
}

/** From when this host started: what was before is not known, and no emptiness. */
export function sinceStart({ buckets, since, bucketMs }) {
  const known = Math.max(LEAST_MINUTES, buckets.filter((b) => b.time >= since).length);
  return { buckets: buckets.slice(-known), bucketMs, whole: since <= buckets[0].time };
}

function sentences({ buckets, bucketMs, whole }) {
  const all = together(buckets);
  const time = whole ? `in ${Math.round((buckets.length * bucketMs) / 3_600_000)} hours` : 'since this host started';
  const rate = all.transitions
    ? `${plural(all.transitions, 'transition')} ${time}, at most ${count(most(buckets.map((b) => b.transitions)))} in one minute.`
    : `No transition ${time}.`;
  const slow = all.usual === null ? 'Nothing was delivered to Kafka.' : `Usually ${delay(all.usual)}; in the slowest minute 99 of 100 within ${delay(all.slow)}.`;
  return [rate, slow];
}

export function showActivity() {
  const answer = answers.statistics;
  if (!answer || answer === drawnFor) return;
  drawnFor = answer;
  const json = sinceStart(answer.json);
  setText($('activity'), json.whole ? 'Last 6 hours' : 'Since this host started');
  const [rate, slow] = sentences(json);
  setText($('rate-text'), rate);
  setText($('delay-text'), slow);
  drawRate(json, rate);
  drawDelay(json, slow);
  $('activity-rows').replaceChildren(...rows(json.buckets).map(row));
}

function drawRate({ buckets, bucketMs }, description) {
  const scale = linear(most(buckets.map((b) => b.transitions)));
  const bar = (b, x, y, width) => (b.transitions ? `M${x + width / 2} ${y(0)}V${y(b.transitions)}` : null);
  draw($('rate-plot'), { buckets, bucketMs, scale, label: count, description, shapes: [{ className: 'bar', path: bar }] });
}

function drawDelay({ buckets, bucketMs }, description) {
  const scale = logarithmic(most(buckets.map((b) => b.delayP99Ms)));
  const range = (b, x, y, width) => (b.delayP99Ms === null ? null : `M${x + width / 2} ${y(b.delayP50Ms)}V${y(b.delayP99Ms)}`);
  const middle = (b, x, y, width) => (b.delayP50Ms === null ? null : `M${x + width / 2 - 1} ${y(b.delayP50Ms)}h2`);
  const shapes = [{ className: 'range', path: range }, { className: 'middle', path: middle }];
  draw($('delay-plot'), { buckets, bucketMs, scale, label: tick, description, shapes });
}

function rows(buckets) {
  const made = [];
  for (let end = buckets.length; end > 0; end -= ROW_MINUTES) made.push(together(buckets.slice(Math.max(0, end - ROW_MINUTES), end)));
  return made;
}

function row(line) {
  const made = element('tr');
  const [time, transitions, usual, slow, backlog] = cells(made, ['From', 'Transitions', 'Usual delay', 'Slow delay', 'Most waiting']);
  const from = element('time');
  setTime(from, line.time, hourAndMinute(line.time));
  time.append(from);
  setText(transitions, count(line.transitions));
  setText(usual, known(line.usual));
  setText(slow, known(line.slow));
  setText(backlog, count(line.backlog));
  return made;
}

/** The pictures fit their boxes again. */
export function redraw() {
  drawnFor = null;
  showActivity();
}
