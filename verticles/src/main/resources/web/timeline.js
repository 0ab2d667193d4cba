// One environment: what happened when, from which source, and what became of each message.

import { $, element, setMood, setText } from './dom.js';
import { offerEnd } from './end.js';
import { badge, detectorsOf, moodOf } from './environments.js';
import { model } from './model.js';
import { isUnsure, showReaders, statusOf } from './readers.js';
import { now } from './stream.js';
import { exactTime, printable, sentence, setTime, shown, timeOfDay } from './words.js';

const ENVIRONMENTS = '/api/v1/environments/';
const SOONEST_MS = 1_000;
const PATIENCE_MS = 10_000;

/** Each opening has its own, so that none waits for the answer to another. */
const opening = (id) => ({ id, seen: null, unsure: false, loading: false, again: false, askedAt: 0, timer: null });

let own = opening(null);

export function open(id) {
  become(id);
  $('timeline').hidden = true;
  $('details-facts').replaceChildren();
  offerEnd(null);
  showReaders(null);
  note('Loading…');
  setText($('details-id'), shown(id, 256));
  $('details-json').href = ENVIRONMENTS + encodeURIComponent(id);
  if (!$('details').open) $('details').showModal();
  $('details').scrollTop = 0;
  history.replaceState(null, '', `#${encodeURIComponent(id)}`);
  load();
}

function become(id) {
  clearTimeout(own.timer);
  own = opening(id);
}

/** After any change: loads again what may be otherwise by now. */
export function refresh() {
  if (own.loading) own.again = true; // whether what comes is new enough shows once it is here
  else if (isOld()) loadSoon();
}

export function onClose() {
  become(null);
  offerEnd(null);
  history.replaceState(null, '', location.pathname);
}

const isOld = () => own.id !== null && (own.unsure || own.seen !== model.environments.get(own.id));

/** Not more often than once a second. */
function loadSoon() {
  own.timer ??= setTimeout(load, Math.max(0, own.askedAt + SOONEST_MS - Date.now()));
}

function note(text) {
  $('details-note').hidden = text === '';
  setText($('details-note'), text);
}

async function load() {
  const mine = own;
  Object.assign(mine, { loading: true, again: false, unsure: true, askedAt: Date.now(), timer: null, seen: model.environments.get(mine.id) });
  const answer = await ask(mine.id);
  mine.loading = false;
  if (mine !== own) return;
  try {
    take(answer);
  } catch (failure) {
    console.error(failure);
    note('It cannot be shown, by a fault of this page; the same as JSON is below');
  }
  if (own.again && isOld()) loadSoon();
}

/** The answer, or null when there is none. */
async function ask(id) {
  try {
    const answer = await fetch(ENVIRONMENTS + encodeURIComponent(id), { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE_MS) });
    return { ok: answer.ok, status: answer.status, json: await answer.json() };
  } catch {
    return null;
  }
}

function take(answer) {
  if (answer?.ok) show(answer.json.environment);
  else if (!answer) note('The relay does not answer; it is tried again with the next change');
  else if (answer.status === 404) note('Not known: it has ended too long ago to be shown');
  else note(printable(answer.json.detail));
}

function show(environment) {
  const ended = environment.state === 'DONE';
  const since = element('time');
  setTime(since, environment.enteredAt, timeOfDay(environment.enteredAt, now()));
  const run = environment.runNumber ?? environment.lastRun;
  $('details-facts').replaceChildren(
    badge(environment.state),
    element('span', '', ended ? 'ended ' : 'since ', since),
    ...(run === null ? [] : [element('span', '', environment.runNumber === null ? `last run ${run}` : `run ${run}`)]),
    ...(environment.runType === null ? [] : [element('span', '', shown(environment.runType))]),
    element('span', '', detectorsOf(environment)),
    ...(environment.workflow === null ? [] : [element('span', '', `workflow ${shown(environment.workflow, 80)}`)]),
  );
  setText($('details-publish'), factsOf(environment).join(' '));
  offerEnd(environment);
  showReaders(environment);
  note(environment.timeline.length ? '' : 'Nothing is known of how it came here');
  $('timeline').hidden = environment.timeline.length === 0;
  const steps = environment.timeline.toReversed();
  own.unsure = steps.some((step) => step.messages.some(isUnsure));
  $('timeline').replaceChildren(...steps.map((step) => entry(step, environment)));
}

function factsOf(environment) {
  const { publish, notPublishedBecause, workflow, detailsKnown, ending, endReason } = environment;
  return [
    workflow === null && 'Workflow not known.',
    !detailsKnown && 'Details unknown: its creation was not seen, and AliECS’s core was not asked or does not say.',
    !publish && `Not published: ${shown(notPublishedBecause, 120)}. It is tracked, but nothing of it goes to Kafka.`,
    ending && `About to end: ${shown(ending.reason, 200)}.`,
    endReason && `Ended without AliECS saying so: ${shown(endReason, 200)}.`,
  ].filter(Boolean);
}

function what(step) {
  const run = step.runNumber === null ? '' : step.runNumber;
  switch (step.moment) {
    case 'CREATED': return 'Created';
    case 'BEFORE': return run ? `Run ${run} is about to start` : `${step.transition} begins`;
    case 'LEAVING': return run && step.state === 'RUNNING' ? `Run ${run} is about to end` : `About to leave ${step.state}`;
    case 'ENTERED': return step.state === 'DONE' ? 'Ended' : step.state === 'RUNNING' ? `Run ${run} started` : `Entered ${step.state}`;
    case 'FAILED': return `${step.transition ?? 'Transition'} failed, still ${step.state}`;
    case 'DESTROYED': return 'Ended';
    case 'TORN_DOWN': return 'AliECS tears it down';
    case 'RUN_OBSERVED': return `Run ${run} seen`;
    default: return `Seen in ${step.state}`;
  }
}

function entry(step, environment) {
  const time = element('time', 'step-time');
  setTime(time, step.timestamp, exactTime(step.timestamp, now()));
  const head = element('p', 'step-head', element('strong', '', what(step)));
  if (step.transition) head.append(element('span', 'step-transition', step.transition));
  const body = element('div', 'step-body', head);
  if (step.adopted) body.append(element('p', 'step-adopted', 'Something before this was missed; the relay made up for it.'));
  if (step.reason) body.append(element('p', 'why', `Concluded: ${printable(step.reason)}`));
  if (step.messages.length) body.append(element('ul', 'messages', ...step.messages.map((message) => line(message, step))));
  if (step.messages.some((message) => message.status === 'off' && !message.reason)) body.append(element('p', 'why', whyOff(environment)));
  body.append(element('p', 'step-source', sourceOf(step)));
  const item = element('li', 'step', time, body);
  setMood(item, moodOf(step.state));
  return item;
}

function sourceOf({ source, reason }) {
  if (!source && reason) return 'by the relay itself';
  if (!source) return 'from a sender on the event bus';
  return `from AliECS: ${printable(source.topic)}, partition ${source.partition}, offset ${source.offset}`;
}

function line(message, step) {
  const { runNumber } = message;
  const item = element('li', '', element('span', 'id', message.topic), statusOf(message));
  if (runNumber !== null && runNumber !== step.runNumber) item.append(element('span', 'why', `Of run ${runNumber}`));
  if (message.status === 'off' && message.reason) item.append(element('span', 'why', sentence(printable(message.reason))));
  if (message.status === 'parked') item.append(element('span', 'why', `Kafka refuses it: ${printable(message.reason ?? 'no reason given')}`));
  return item;
}

const whyOff = ({ publish }) => `off: publishing ${publish ? 'was off then' : 'is off for this environment'}`;
