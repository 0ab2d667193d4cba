// The page of the relay: one stream in, one model, one picture. Everything shown that came from
// outside is set as text.

import { $, setAttribute, setText } from './dom.js';
import { redraw, showActivity } from './activity.js';
import { showChanges } from './changes.js';
import { watchEnd } from './end.js';
import { onChoice, showEnvironments } from './environments.js';
import { showClock, showHealth } from './health.js';
import { model, takeChange, takeSnapshot } from './model.js';
import { answers, askAll, askSoon, poll } from './polls.js';
import { showRuns, showTitle } from './runs.js';
import { link, now, retryNow, start } from './stream.js';
import { watchTheme } from './theme.js';
import { onClose, open, refresh } from './timeline.js';
import { showAccess, watchToken } from './token.js';
import { printable, sentence, span, timeOfDay } from './words.js';

const PAINT_EVERY_MS = 100; // however fast changes come: nobody reads faster
const PLACES = ['', 'runs', 'environments', 'health', 'activity'];

let painting = false;
let paintedAt = 0;
let ownTag = null;

function paint() {
  painting = false;
  paintedAt = performance.now();
  const ended = answers.ended?.json.environments ?? null;
  setAttribute(document.body, 'data-connection', link.state);
  showBanner();
  showClock();
  showHealth();
  showChanges(answers.changes?.json.changes ?? []);
  showAccess(answers.settings?.json);
  showRuns(open, ended);
  showEnvironments(open, ended);
  showActivity();
}

function paintSoon() {
  if (painting) return;
  painting = true;
  setTimeout(() => requestAnimationFrame(paint), Math.max(0, paintedAt + PAINT_EVERY_MS - performance.now()));
}

function showBanner() {
  const lost = link.state === 'lost';
  $('banner').hidden = !lost;
  if (!lost) return;
  setText($('banner-what'), model.head ? 'Connection lost: this is not live' : 'No connection to the relay');
  const age = model.head ? `What you see is ${span(Date.now() - link.heardAt)} old, of ${timeOfDay(link.heardAt + link.offset, now())}. ` : '';
  const next = link.retryAt ? `Next try in ${span(Math.max(0, link.retryAt - Date.now()))}.` : 'Trying…';
  setText($('banner-detail'), `${age}${sentence(printable(link.why))}. ${next}`);
}

const tell = (text) => setText($('news'), text);

function takeEvent(name, data) {
  const before = model.head;
  if (name === 'snapshot') takeSnapshot(data);
  else if (name === 'change' && before) told(takeChange(data), data, before);
  if (!before) openFromAddress();
  showTitle();
  refresh();
  paintSoon();
}

function told(news, data, before) {
  if (news.length) tell(news.join('. '));
  if (data.removed.length) askSoon('ended');
  if (before.pluginEnabled !== data.pluginEnabled || before.leader !== data.leader) askSoon('settings', 'delivery', 'cluster');
  if (before.publisher?.reason !== data.publisher?.reason) askSoon('delivery');
}

function becomeLive(again) {
  if (again) tell('Connected again');
  askAll();
  reloadIfNewer();
  paintSoon();
}

/** A page on a wall is never reloaded by hand: it follows the relay it came from. */
async function reloadIfNewer() {
  try {
    const tag = (await fetch('page.js', { method: 'HEAD', cache: 'no-cache' })).headers.get('etag');
    if (ownTag && tag && tag !== ownTag) location.reload();
    ownTag ??= tag;
  } catch {
    // next time
  }
}

function openFromAddress() {
  try {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!PLACES.includes(id)) open(id);
    else if ($('details').open) $('details').close();
  } catch {
    // not an address that this page made
  }
}

watchTheme();
watchToken();
watchEnd();
onChoice(paintSoon);
$('retry').addEventListener('click', retryNow);
$('details-close').addEventListener('click', () => $('details').close());
$('details').addEventListener('click', (e) => e.target === $('details') && $('details').close());
$('details').addEventListener('close', onClose);
window.addEventListener('online', retryNow);
window.addEventListener('hashchange', openFromAddress);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  retryNow();
  askAll();
});
new ResizeObserver(redraw).observe($('rate-plot'));
setInterval(paintSoon, 1_000);
poll(() => link.state === 'live', paintSoon);
start({ event: takeEvent, live: becomeLive, changed: paintSoon });
