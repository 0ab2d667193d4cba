// Two small pictures of the last hours, drawn in the pixels they get.

import { drawn, setText } from './dom.js';
import { hourAndMinute } from './words.js';

const HOUR_MS = 3_600_000;
const LEFT = 3.2; // room around the drawing for the ticks, in rem
const TOP = 0.5;
const BOTTOM = 1.3;
const LABEL_ROOM = 4.2; // width that the label of an hour needs, in rem

/** A scale from 0 up in even steps. */
export function linear(most) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000].find((s) => most <= 2 * s) ?? most / 2;
  const top = Math.max(1, Math.ceil(most / step)) * step;
  return { at: (value) => value / top, ticks: [0, top / 2, top].filter(Number.isInteger) };
}

/** A scale in powers of ten, from 1. */
export function logarithmic(most) {
  const decades = Math.max(2, Math.ceil(Math.log10(Math.max(1, most))));
  const at = (value) => Math.log10(Math.max(1, value)) / decades;
  return { at, ticks: Array.from({ length: decades + 1 }, (x, i) => 10 ** i) };
}

/**
 * Draws minutes into an SVG.
 *
 * @param buckets with their times, oldest first
 * @param scale of what is drawn
 * @param label makes the text of a tick
 * @param shapes each {className, path(bucket, x, y, width)}; path gives null for nothing
 */
export function draw(svg, { buckets, bucketMs, scale, label, shapes, description }) {
  const { width, height } = svg.getBoundingClientRect();
  if (!width || !buckets.length) return;
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const box = { left: LEFT * rem, right: width, top: TOP * rem, bottom: height - BOTTOM * rem, rem };
  const [from, to] = [buckets[0].time, buckets.at(-1).time + bucketMs];
  const x = (time) => box.left + ((time - from) / (to - from)) * (box.right - box.left);
  const y = (value) => box.bottom - scale.at(value) * (box.bottom - box.top);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const column = (box.right - box.left) / buckets.length;
  const paths = shapes.map(({ className, path }) => drawn('path', { class: className, d: buckets.map((b) => path(b, x(b.time), y, column)).filter(Boolean).join('') }));
  const [title] = svg.getElementsByTagName('title');
  const told = svg.getElementsByTagName('desc')[0];
  setText(told, description);
  svg.replaceChildren(title, told, ...horizontals(scale, y, box, label), ...hours(from, to, x, box), ...paths);
}

function horizontals(scale, y, box, label) {
  return scale.ticks.flatMap((tick) => [
    drawn('line', { class: 'grid', x1: box.left, x2: box.right, y1: y(tick), y2: y(tick) }),
    drawn('text', { class: 'tick', x: box.left - 6, y: y(tick), 'text-anchor': 'end', 'dominant-baseline': 'middle' }, label(tick)),
  ]);
}

function hours(from, to, x, box) {
  const every = Math.max(1, Math.ceil((LABEL_ROOM * box.rem * (to - from)) / HOUR_MS / (box.right - box.left)));
  const marks = [];
  const first = new Date(from);
  first.setMinutes(60, 0, 0);
  for (let time = first.getTime(); time < to; time += HOUR_MS) {
    const shows = new Date(time).getHours() % every === 0 && x(time) < box.right - box.rem;
    marks.push(drawn('line', { class: 'grid', x1: x(time), x2: x(time), y1: box.bottom, y2: box.bottom + 4 }));
    if (shows) marks.push(drawn('text', { class: 'tick', x: x(time), y: box.bottom + box.rem, 'text-anchor': 'middle' }, hourAndMinute(time)));
  }
  return marks;
}
