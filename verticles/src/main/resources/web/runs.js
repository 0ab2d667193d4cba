// The active runs, big: number, duration, detectors, type.

import { $, element, keep, setAttribute, setMood, setText } from './dom.js';
import { model } from './model.js';
import { now } from './stream.js';
import { clock, count, setTime, shown, timeOfDay } from './words.js';

const DETECTOR_MOST = 24;
const CARDS_SHOWN = 60; // more are no use on any wall; the table has them all

function make(open) {
  const item = element('li', 'run');
  const parts = {
    type: element('p', 'run-type'),
    marks: element('p', 'run-marks'),
    number: element('span', 'run-number'),
    duration: element('p', 'run-duration'),
    detectors: element('ul', 'run-detectors'),
    id: element('button', 'id'),
    since: element('time'),
  };
  parts.detectors.setAttribute('aria-label', 'Detectors');
  parts.id.type = 'button';
  parts.id.addEventListener('click', () => open(item.key));
  item.parts = parts;
  const number = element('p', '', element('span', 'unseen', 'Run '), parts.number);
  const duration = element('div', '', element('span', 'unseen', 'Running for '), parts.duration);
  const since = element('p', 'run-since', 'since ', parts.since);
  item.append(
    element('div', 'run-line run-top', parts.type, parts.marks),
    element('div', 'run-line', number, duration),
    parts.detectors,
    element('div', 'run-line run-foot', parts.id, since),
  );
  return item;
}

function marksOf(run) {
  return [
    run.endAnnounced && 'Ending',
    !run.publish && `Not published: ${shown(run.notPublishedBecause, 80)}`,
    run.publish && !model.head.pluginEnabled && 'Publishing off',
  ].filter(Boolean);
}

function typeOf({ environmentId, runType }) {
  if (runType !== null) return shown(runType);
  return model.environments.get(environmentId)?.detailsKnown === false ? 'Details unknown' : 'Type not told';
}

function update(item, id) {
  const run = model.runs.get(id);
  const { parts } = item;
  setText(parts.duration, clock(now() - run.enteredAt));
  setTime(parts.since, run.enteredAt, timeOfDay(run.enteredAt, now()));
  if (item.seen === run && item.head === model.head) return; // another head comes with each change
  Object.assign(item, { seen: run, head: model.head });
  setText(parts.number, String(run.runNumber));
  setText(parts.type, typeOf(run));
  setText(parts.id, shown(id));
  setAttribute(parts.id, 'aria-label', `Environment ${shown(id)}: show its timeline`);
  const marks = marksOf(run);
  setText(parts.marks, marks.join(' · '));
  setMood(item, marks.length ? 'amber' : 'green');
  keep(parts.detectors, run.detectors, (name) => element('li', '', shown(name, DETECTOR_MOST)), () => {});
}

function lastRun(ended) {
  const known = [...model.environments.values(), ...(ended ?? [])].map((e) => e.lastRun ?? 0);
  return known.reduce((a, b) => Math.max(a, b), 0);
}

/** @param ended the environments that have ended, if they are known */
export function showRuns(open, ended) {
  const { head, runs } = model;
  keep($('run-list'), model.order.filter((id) => runs.has(id)).slice(0, CARDS_SHOWN), () => make(open), update);
  setText($('run-more'), runs.size > CARDS_SHOWN ? `and ${count(runs.size - CARDS_SHOWN)} more: see RUNNING below` : '');
  setText($('run-count'), head ? String(runs.size) : '');
  $('run-empty').hidden = runs.size > 0;
  const last = lastRun(ended);
  setText($('run-empty'), head ? `No active run${last ? `. The last was ${last}.` : ''}` : 'Waiting for the first data…');
}

/** The title: also of a tab in the background, where nothing is painted. */
export function showTitle() {
  const { runs } = model;
  const numbers = [...runs.values()].map((run) => run.runNumber).slice(0, 3).join(', ');
  const title = runs.size ? `(${runs.size}) ${numbers} · Active runs` : 'Active runs';
  if (document.title !== title) document.title = title;
}
