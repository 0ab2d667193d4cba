// The environments as a table: those that are tracked, or those that have ended.

import { $, breakable, element, keep, setAttribute, setMood, setText } from './dom.js';
import { model } from './model.js';
import { now } from './stream.js';
import { count, setTime, shortTime, shown, span } from './words.js';

const STATES = ['ERROR', 'RUNNING', 'CONFIGURED', 'DEPLOYED', 'STANDBY'];
const ALL = 'All';
const ENDED = 'Ended';
const ROWS_SHOWN = 300;

const chosen = { state: ALL, words: [] };

export const moodOf = (state) => ({ RUNNING: 'green', ERROR: 'red' })[state];

/** A state as it is shown everywhere: its word, a colour and a shape. */
export function badge(state) {
  const made = element('span', 'badge', state);
  setMood(made, moodOf(state));
  return made;
}

/** Makes the row's cells, each with the name of its column for narrow screens. */
export function cells(row, labels) {
  row.setAttribute('role', 'row');
  return labels.map((label) => {
    const cell = element('td');
    cell.setAttribute('role', 'cell');
    cell.dataset.label = label;
    row.append(cell);
    return cell;
  });
}

function make(open) {
  const row = element('tr');
  const [name, state, since, run, type, detectors] = cells(row, ['Environment', 'State', 'Since', 'Run', 'Type', 'Detectors']);
  since.className = 'since';
  state.className = 'state';
  run.className = 'number';
  type.className = 'type';
  detectors.className = 'detectors';
  const button = element('button', 'id');
  button.type = 'button';
  name.append(button);
  row.addEventListener('click', () => open(row.key));
  row.parts = { button, state, since, run, type, detectors, time: element('time'), ago: element('span', 'dim') };
  since.append(row.parts.time, ' ', row.parts.ago);
  return row;
}

function update(row, environment) {
  const { parts } = row;
  const since = environment.enteredAt;
  setTime(parts.time, since, shortTime(since, now()));
  setText(parts.ago, environment.state === 'DONE' ? `${span(now() - since)} ago` : span(now() - since));
  if (row.seen === environment) return;
  row.seen = environment;
  setText(parts.button, shown(environment.environmentId));
  setAttribute(parts.button, 'aria-label', `${shown(environment.environmentId)}: show its timeline`);
  parts.state.replaceChildren(...stateOf(environment));
  parts.run.replaceChildren(...runOf(environment));
  parts.type.replaceChildren(...breakable(environment.runType === null ? '' : shown(environment.runType)));
  setText(parts.detectors, detectorsOf(environment));
}

function stateOf({ state, leaving, publish, notPublishedBecause, ending, endReason }) {
  const parts = [badge(state)];
  if (leaving && state !== 'DONE') parts.push(' ', element('span', 'dim', `${leaving}…`));
  if (!publish) parts.push(...amber('Not published', notPublishedBecause));
  if (ending) parts.push(...amber('Ending', ending.reason));
  if (endReason) parts.push(' ', element('span', 'dim', shown(endReason, 80)));
  return parts;
}

/** What wants a look, and why it is so. */
function amber(what, why) {
  const made = element('span', 'badge', what);
  setMood(made, 'amber');
  return [' ', made, ' ', element('span', 'dim', shown(why, 80))];
}

export const detectorsOf = ({ detectors, detailsKnown }) => (detailsKnown ? detectors.map((name) => shown(name, 24)).join(' ') : 'Details unknown');

function runOf(environment) {
  if (environment.runNumber !== null) return [String(environment.runNumber)];
  return environment.lastRun === null ? [] : [element('span', 'dim', element('span', 'last', 'last '), String(environment.lastRun))];
}

function matches(environment) {
  const e = environment;
  const text = [e.environmentId, e.state, e.runNumber ?? '', e.lastRun ?? '', e.runType ?? '', ...e.detectors].join(' ').toLowerCase();
  return chosen.words.every((word) => text.includes(word));
}

function listed(ended) {
  if (chosen.state === ENDED) return ended.filter(matches);
  const byId = (a, b) => (a.environmentId < b.environmentId ? -1 : 1);
  return [...model.environments.values()]
    .filter((e) => (chosen.state === ALL || e.state === chosen.state) && matches(e))
    .sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || byId(a, b));
}

function makeChoice(name) {
  const input = element('input', 'unseen');
  Object.assign(input, { type: 'radio', name: 'state', value: name, checked: name === chosen.state });
  const number = element('span', 'count');
  const label = element('label', 'choice', input, element('span', '', name), number);
  label.number = number;
  return label;
}

function showChoices(ended) {
  const counts = new Map([[ALL, model.environments.size], [ENDED, ended.length]]);
  for (const { state } of model.environments.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
  const names = [ALL, ...STATES.filter((state) => counts.has(state) || state === chosen.state), ENDED];
  keep($('state-choices'), names, makeChoice, (label, name) => {
    setText(label.number, count(counts.get(name) ?? 0));
    setMood(label, name === 'ERROR' && counts.get(name) ? 'red' : '');
  });
}

function emptyText(known, ofEnded) {
  if (!model.head) return 'Waiting for the first data…';
  if (known) return 'None matches the filter';
  return ofEnded ? 'No environment has ended lately' : 'No environment';
}

/** @param ended the environments that have ended, newest first, or null while they are not known */
export function showEnvironments(open, ended) {
  const found = listed(ended ?? []);
  const ofEnded = chosen.state === ENDED;
  const known = ofEnded ? (ended ?? []).length : model.environments.size;
  const byId = new Map(found.slice(0, ROWS_SHOWN).map((e) => [e.environmentId, e]));
  showChoices(ended ?? []);
  setText($('since-column'), ofEnded ? 'Ended' : 'Since');
  keep($('environment-rows'), [...byId.keys()], () => make(open), (row, id) => update(row, byId.get(id)));
  const some = found.length > ROWS_SHOWN ? `The first ${ROWS_SHOWN} of ${count(found.length)}; filter to see others` : '';
  setText($('environment-more'), some);
  $('environment-table').hidden = found.length === 0;
  $('environment-empty').hidden = found.length > 0;
  setText($('environment-empty'), emptyText(known, ofEnded));
}

/** Calls back when the choice has become another one. */
export function onChoice(changed) {
  $('state-choices').addEventListener('change', (event) => {
    chosen.state = event.target.value;
    changed();
  });
  $('filter').addEventListener('input', () => {
    chosen.words = $('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    changed();
  });
}
