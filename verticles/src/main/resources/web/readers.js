// What readers of Kafka get of the runs of one environment: each message with its time, or why not.

import { $, element, setMood, setText } from './dom.js';
import { cells } from './environments.js';
import { now } from './stream.js';
import { exactTime, printable, setTime } from './words.js';

const COLUMNS = new Map([
  ['aliecs.before_start_activity', 'announced'],
  ['aliecs.env_state.RUNNING', 'started'],
  ['aliecs.env_leave_state.RUNNING', 'ended'],
]);

const MOOD = { published: 'green', pending: 'amber', parked: 'red' };

/** What became of a message, in words, a colour and a shape. */
export function statusOf({ status, late }) {
  const made = element('span', 'status', late && status !== 'off' ? `${status} late` : status);
  setMood(made, MOOD[status]);
  return made;
}

/** Whether that may be otherwise by and by. */
export const isUnsure = ({ status, late }) => status === 'pending' || status === 'parked' || (status === 'off' && late);

/**
 * The messages of each run, newest run first. Pure.
 *
 * @param timeline oldest step first
 * @returns {{run: number, announced?: Message, started?: Message, ended?: Message}[]} a message is
 *   as the API has it, with its time
 */
export function messagesOfRuns(timeline) {
  const runs = new Map();
  for (const { timestamp, messages } of timeline) {
    for (const message of messages) {
      const { topic, runNumber } = message;
      if (runNumber === null || !COLUMNS.has(topic)) continue;
      const run = runs.get(runNumber) ?? { run: runNumber };
      run[COLUMNS.get(topic)] = { time: timestamp, ...message };
      runs.set(runNumber, run);
    }
  }
  return [...runs.values()].reverse();
}

export function showReaders(environment) {
  const runs = messagesOfRuns(environment?.timeline ?? []);
  $('readers').hidden = runs.length === 0;
  $('reader-rows').replaceChildren(...runs.map((run) => row(run, environment.runNumber)));
}

function row(run, active) {
  const made = element('tr');
  const [number, ...columns] = cells(made, ['Run', 'Before its start', 'Start (SOR)', 'End (EOR)']);
  number.className = 'number';
  setText(number, String(run.run));
  if (isSkipped(run)) return skippedRow(made, columns, run.started);
  const absent = ['not seen', 'not seen', run.run === active ? 'it is running' : 'not seen'];
  [run.announced, run.started, run.ended].forEach((message, at) => columns[at].append(...shownMessage(message, absent[at])));
  return made;
}

/** One reason for all that there is. */
const isSkipped = ({ announced, started, ended }) => started?.reason && started.status === 'off' && [announced, ended].every((other) => other?.reason === started.reason);

function skippedRow(row, [first, ...others], message) {
  first.colSpan = 1 + others.length;
  others.forEach((cell) => cell.remove());
  first.append(statusOf(message), ' ', element('span', 'why', printable(message.reason)));
  return row;
}

function shownMessage(message, absent) {
  if (!message) return [element('span', 'dim', absent)];
  const time = element('time');
  setTime(time, message.time, exactTime(message.time, now()));
  const status = statusOf(message);
  if (message.status === 'off' && !message.reason) setText(status, 'nothing: off');
  return [time, ' ', status, ...(message.reason ? [element('p', 'why', printable(message.reason))] : [])];
}
