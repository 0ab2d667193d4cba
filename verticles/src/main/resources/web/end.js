// Ends an environment that AliECS has forgotten, for whoever has given the token, after a second
// question.

import { $, setText } from './dom.js';
import { askSoon } from './polls.js';
import { dropToken, token } from './token.js';
import { printable, shown } from './words.js';

const PATIENCE_MS = 35_000; // the relay answers before that, whatever its journal does

let own = null; // the environment that is shown

/** Offers to end this environment; null: there is none that can be ended. */
export function offerEnd(environment) {
  if (own?.environmentId !== environment?.environmentId) {
    say('');
    ask(false);
  }
  own = environment;
  const live = environment !== null && environment.state !== 'DONE';
  $('end').hidden = !live || !token();
  if (!live) ask(false);
  else setText($('end-what'), question(environment));
}

function question({ environmentId, runNumber }) {
  const run = runNumber === null ? '' : ` Run ${runNumber} gets its end.`;
  return `End ${shown(environmentId)}?${run} It leaves every list, and readers of Kafka are told UNKNOWN. AliECS is not told: end only what it has forgotten. A later event of AliECS brings it back.`;
}

const say = (text) => setText($('end-said'), text);

function ask(open) {
  $('end-ask').hidden = open;
  $('end-form').hidden = !open;
}

async function end() {
  const { environmentId } = own;
  say('Asking…');
  $('end-now').disabled = true;
  const said = await answered(environmentId, { by: $('end-by').value.trim(), reason: $('end-why').value.trim() });
  $('end-now').disabled = false;
  if (own?.environmentId !== environmentId) return;
  say(said.text);
  askSoon('changes');
  if (said.again) return;
  $('end-why').value = '';
  ask(false);
  $('end').hidden = true;
  $('details-close').focus();
}

/** What became of it, and whether it can be asked again as it is. */
async function answered(id, body) {
  try {
    const answer = await fetch(`/api/v1/environments/${encodeURIComponent(id)}/end`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token()}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const json = await answer.json();
    if (answer.ok) return { text: `Ended: ${printable(json.reason)}.` };
    const why = printable(json.detail);
    if (answer.status !== 401 && answer.status !== 403) return { text: `Not ended: ${why}`, again: true };
    dropToken();
    return { text: `Not ended, the token is not taken: ${why}` };
  } catch {
    return { text: 'The relay does not answer: see below whether it has ended, then try again', again: true };
  }
}

/** Listens to the buttons from now on. */
export function watchEnd() {
  $('end-ask').addEventListener('click', () => {
    say('');
    ask(true);
    $('end-by').focus();
  });
  $('end-keep').addEventListener('click', () => {
    ask(false);
    $('end-ask').focus();
  });
  $('end-form').addEventListener('submit', (event) => {
    event.preventDefault();
    end();
  });
}
