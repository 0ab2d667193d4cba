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

/**
 * The messages of each run, newest run first. Pure.
 *
 * @param timeline oldest step first
 * @returns {{run: number, announced?: Message, started?: Message, ended?: Message}[]} a message is
 *   {time, status, reason}
 */
export function messagesOfRuns(timeline) {
  const runs = new Map();
  let running = null;
  for (const { runNumber, timestamp, messages } of timeline) {
    running = runNumber ?? running;
    for (const { topic, status, reason } of messages) {
      const column = COLUMNS.get(topic);
      if (!column || running === null) continue;
      const run = runs.get(running) ?? { run: running };
      run[column] = { time: timestamp, status, reason };
      runs.set(running, run);
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
  const absent = ['not seen', 'not seen', run.run === active ? 'it is running' : 'not seen'];
  [run.announced, run.started, run.ended].forEach((message, at) => columns[at].append(...shownMessage(message, absent[at])));
  return made;
}

function shownMessage(message, absent) {
  if (!message) return [element('span', 'dim', absent)];
  const time = element('time');
  setTime(time, message.time, exactTime(message.time, now()));
  const status = element('span', 'status', message.status === 'off' && !message.reason ? 'nothing: off' : message.status);
  setMood(status, MOOD[message.status]);
  return [time, ' ', status, ...(message.reason ? [element('p', 'why', printable(message.reason))] : [])];
}
