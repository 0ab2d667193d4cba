// What was changed by hand over HTTP, on the host that this page is of.

import { $, element, keep, setMood, setText } from './dom.js';
import { now } from './stream.js';
import { plural, shown, shortTime, timeOfDay } from './words.js';

const KINDS = [
  [/^POST \/api\/v1\/environments\/([^/]+)\/end$/, 'End environment'],
  [/^POST \/api\/v1\/environments\/([^/]+)\/resend$/, 'Publish once more environment'],
  [/^POST \/api\/v1\/runs\/resend$/, 'Publish the list once more'],
  [/^POST \/api\/v1\/parked\/resend$/, 'Try parked messages again'],
  [/^POST \/api\/v1\/cluster\/hosts$/, 'Add or replace a control host'],
  [/^DELETE \/api\/v1\/cluster\/hosts\/([^/]+)$/, 'Remove control host'],
];

/** What was asked for, in words where they are known. Pure. */
export function wordsOf({ method, path }) {
  for (const [pattern, words] of KINDS) {
    const found = pattern.exec(`${method} ${path}`);
    if (found) return found[1] ? `${words} ${shown(decoded(found[1]))}` : words;
  }
  return shown(`${method} ${path}`, 120);
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const whoOf = ({ by, from }) => (by === null || by === from ? `from ${from}` : `by ${shown(by)}, from ${from}`);

/** @param changes newest first */
export function showChanges(changes) {
  $('changes').hidden = changes.length === 0;
  if (!changes.length) return;
  setText($('changes-what'), `${plural(changes.length, 'change')} by hand, the last at ${shortTime(changes[0].timestamp, now())}`);
  const byKey = new Map(changes.map((change, at) => [`${change.timestamp} ${changes.length - at} ${change.path}`, change]));
  keep($('change-list'), [...byKey.keys()], make, (item, key) => update(item, byKey.get(key)));
}

function make() {
  const item = element('li');
  item.parts = { what: element('span'), result: element('span', 'status'), who: element('p', 'note') };
  item.append(element('p', '', item.parts.what, ' ', item.parts.result), item.parts.who);
  return item;
}

function update({ parts }, change) {
  const done = change.status < 300;
  setText(parts.what, wordsOf(change));
  setText(parts.result, done ? 'done' : `not done (${change.status})`);
  setMood(parts.result, done ? 'green' : 'amber');
  setText(parts.who, `${timeOfDay(change.timestamp, now())} ${whoOf(change)}`);
}
