// The page of the relay: one stream in, one model, one picture. Everything shown that came from
// outside is set as text.

const STREAM = '/api/v1/runs/stream';
const ENVIRONMENTS = '/api/v1/environments/';
const SETTINGS = '/api/v1/settings';
const SILENCE_MS = 40_000; // the stream gives a sign of life every 15 s
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const OLD_BACKLOG_MS = 10_000;
const ROWS_SHOWN = 500;
const SETTINGS_EVERY_MS = 30_000;

const $ = (id) => document.getElementById(id);

const model = {
  head: null,
  runs: new Map(),
  order: [],
  environments: new Map(),
  settings: null,
};
const link = {
  state: 'connecting',
  heardAt: 0, // by our clock
  offset: 0, // the relay's clock minus ours
  lastId: null,
  failures: 0,
  retryAt: 0,
  retryFloor: 0,
  why: '',
  abort: null,
  timer: 0,
};

/** The relay's time; it stands still while the relay is not heard. */
const now = () => (link.state === 'live' ? Date.now() : link.heardAt || Date.now()) + link.offset;

// Elements

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function setMood(target, mood) {
  if (mood) target.dataset.mood = mood;
  else delete target.dataset.mood;
}

/** Makes the children of a list those keys in that order, keeping elements (and so the focus). */
function keep(parent, keys, make, update) {
  const known = new Map([...parent.children].map((child) => [child.key, child]));
  let place = parent.firstElementChild;
  for (const key of keys) {
    let child = known.get(key);
    known.delete(key);
    if (!child) {
      child = make(key);
      child.key = key;
    }
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
    update(child, key);
  }
  known.forEach((child) => child.remove());
}

// Words

const two = (n) => String(n).padStart(2, '0');

/** 4:07, 1:04:07 or 2 d 01:04:07 */
function clock(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const [d, h, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
  if (d) return `${d} d ${two(h)}:${two(m)}:${two(s % 60)}`;
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** 12 s, 4 min, 3 h, 2 d */
function span(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 90) return `${s} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  return s < 129600 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86400)} d`;
}

function timeOfDay(ms) {
  const t = new Date(ms);
  const time = `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
  const today = new Date(now());
  if (t.toDateString() === today.toDateString()) return time;
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${time}`;
}

const shown = (id) => (id.length > 48 ? `${id.slice(0, 47)}…` : id);
const moodOf = (state) => ({ RUNNING: 'green', ERROR: 'red' })[state];
const plural = (n, one) => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`;

function tell(text) {
  $('news').textContent = text;
}

// The strip

function fact(id, value, note, mood) {
  const box = $(id);
  setText(box.querySelector('.value'), value);
  setText(box.querySelector('.note'), note || '');
  setMood(box, mood);
}

function publishing(head) {
  const { publisher } = head;
  if (!head.pluginEnabled) {
    const why = publisher?.state === 'off' && publisher.reason;
    return ['Off', why || 'kafka is not in integrationPlugins', 'amber'];
  }
  if (!head.leading) return ['On', head.leader ? `done by ${head.leader}` : 'nobody leads', head.leader ? '' : 'amber'];
  if (!publisher) return ['On', 'the publisher does not say how it is', 'amber'];
  if (publisher.state === 'publishing') return ['On', model.settings?.settings?.brokers?.join(', '), 'green'];
  const state = publisher.state.charAt(0).toUpperCase() + publisher.state.slice(1);
  return [state, publisher.reason, publisher.healthy ? '' : publisher.state === 'failing' ? 'red' : 'amber'];
}

function showStrip() {
  const { head } = model;
  fact('connection', ...connection());
  if (!head) return;
  fact('publishing', ...publishing(head));
  const waiting = head.oldestPendingAt === null ? 0 : now() - head.oldestPendingAt;
  fact(
    'backlog',
    head.pendingChanges === 0 ? 'Empty' : plural(head.pendingChanges, 'change'),
    head.pendingChanges === 0 ? '' : `oldest ${span(waiting)}`,
    waiting > OLD_BACKLOG_MS ? 'amber' : '',
  );
  fact('leader', head.leader ?? 'None', head.leader ? (head.leading ? 'this host' : '') : 'nothing new is taken', head.leader ? '' : 'red');
  fact('age', `${span(now() - head.dataTimestamp)} ago`, timeOfDay(head.dataTimestamp));
  showConsul();
}

function connection() {
  if (link.state === 'live') return ['Live', `heard ${span(Date.now() - link.heardAt)} ago`, 'green'];
  return link.state === 'lost' ? ['Lost', '', 'amber'] : ['Connecting', '', ''];
}

function showConsul() {
  const { settings } = model;
  $('consul').hidden = !settings;
  if (!settings) return;
  const { consul } = settings;
  const refused = consul?.keys?.find((key) => key.refusal)?.refusal;
  const news = settings.settings ? `new environments: ${settings.settings.publishNewEnvironments ? 'on' : 'off'}` : '';
  if (!consul) fact('consul', 'Unknown', 'nobody reads Consul here', 'amber');
  else if (!consul.reachable) fact('consul', 'Consul away', consul.unreadable?.[0]?.reason ?? 'last good settings in force', 'amber');
  else if (refused) fact('consul', 'Refused', refused.reason, 'amber');
  else fact('consul', settings.settings ? 'In force' : 'None yet', news, settings.settings ? '' : 'amber');
}

// Active runs

function makeRun() {
  const item = element('li', 'run');
  item.parts = {
    label: element('p', 'run-label', 'Run'),
    type: element('p', 'run-type'),
    number: element('p', 'run-number'),
    duration: element('p', 'run-duration'),
    detectors: element('ul', 'run-detectors'),
    id: element('button', 'id'),
    marks: element('p', 'run-marks'),
  };
  const { parts } = item;
  parts.detectors.setAttribute('aria-label', 'Detectors');
  parts.duration.setAttribute('aria-label', 'Duration');
  parts.id.type = 'button';
  parts.id.addEventListener('click', () => open(item.key));
  const line = (className, ...children) => {
    const made = element('div', className);
    made.append(...children);
    return made;
  };
  item.append(
    line('run-line', parts.label, parts.type),
    line('run-line', parts.number, parts.duration),
    parts.detectors,
    line('run-line run-foot', parts.id, parts.marks),
  );
  return item;
}

function updateRun(item, id) {
  const run = model.runs.get(id);
  const { parts } = item;
  setText(parts.number, String(run.runNumber));
  setText(parts.type, run.runType ?? 'type not told');
  setText(parts.duration, clock(now() - run.enteredAt));
  setText(parts.id, shown(id));
  parts.id.setAttribute('aria-label', `Environment ${id}: show its timeline`);
  const marks = [run.endAnnounced && 'Ending', !run.publish && 'Not published'].filter(Boolean);
  setText(parts.marks, marks.join(' · '));
  setMood(item, marks.length ? 'amber' : '');
  keep(parts.detectors, run.detectors, (name) => element('li', '', name), () => {});
}

function showRuns() {
  keep($('run-list'), model.order.filter((id) => model.runs.has(id)), makeRun, updateRun);
  setText($('run-count'), model.head ? String(model.runs.size) : '');
  $('run-empty').hidden = model.runs.size > 0;
  setText($('run-empty'), model.head ? 'No active run' : 'Waiting for the first data…');
  document.title = model.runs.size ? `(${model.runs.size}) Active runs` : 'Active runs';
}

// Environments

const COLUMNS = ['Environment', 'State', 'Since', 'Run', 'Detectors', 'Publishing'];
const RANK = { ERROR: 0, RUNNING: 1 };

function cells(row, labels) {
  row.setAttribute('role', 'row');
  return labels.map((label) => {
    const cell = element('td');
    cell.setAttribute('role', 'cell');
    cell.dataset.label = label;
    row.append(cell);
    return cell;
  });
}

function badge(state) {
  const made = element('span', 'badge', state);
  setMood(made, moodOf(state));
  return made;
}

function makeRow(id) {
  const row = element('tr');
  const [name, state, since, run, detectors, publish] = cells(row, COLUMNS);
  name.className = 'wide';
  since.className = 'since';
  run.className = 'number';
  detectors.className = 'wide';
  const button = element('button', 'id', shown(id));
  button.type = 'button';
  button.setAttribute('aria-label', `${id}: show its timeline`);
  name.append(button);
  row.addEventListener('click', () => open(id));
  row.parts = { state, since, run, detectors, publish };
  return row;
}

function updateRow(row, id) {
  const environment = model.environments.get(id);
  const { parts } = row;
  setText(parts.since, `${timeOfDay(environment.enteredAt)} (${span(now() - environment.enteredAt)})`);
  if (row.seen === environment) return;
  row.seen = environment;
  parts.state.replaceChildren(badge(environment.state));
  if (environment.leaving) parts.state.append(element('span', 'dim', ` ${environment.leaving}…`));
  setText(parts.run, environment.runNumber === null ? '' : String(environment.runNumber));
  setText(parts.detectors, environment.detectors.join(' '));
  const off = element('span', 'badge', 'Off');
  setMood(off, 'amber');
  parts.publish.replaceChildren(environment.publish ? 'On' : off);
}

function listed() {
  const wanted = $('filter').value.trim().toLowerCase();
  const rank = (e) => RANK[e.state] ?? 2;
  return [...model.environments.values()]
    .filter((e) => !wanted || [e.environmentId, e.state, e.runNumber ?? '', e.runType ?? '', ...e.detectors].join(' ').toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || (a.environmentId < b.environmentId ? -1 : 1))
    .map((e) => e.environmentId);
}

function showEnvironments() {
  const ids = listed();
  const all = model.environments.size;
  keep($('environment-rows'), ids.slice(0, ROWS_SHOWN), makeRow, updateRow);
  const some = ids.length > ROWS_SHOWN ? `${ROWS_SHOWN} of ${all}; filter to see others` : ids.length < all ? `${ids.length} of ${all}` : String(all);
  setText($('environment-count'), model.head ? some : '');
  const errors = [...model.environments.values()].filter((e) => e.state === 'ERROR').length;
  setText($('error-count'), errors ? `${errors} in ERROR` : '');
  $('environment-table').hidden = ids.length === 0;
  $('environment-empty').hidden = ids.length > 0;
  setText($('environment-empty'), !model.head ? 'Waiting for the first data…' : all ? 'None matches the filter' : 'No environment');
}

// One environment

let opened = null;
let openedFor = null;

function open(id) {
  opened = id;
  $('timeline').hidden = true;
  $('details-facts').replaceChildren();
  $('details-note').hidden = false;
  setText($('details-note'), 'Loading…');
  setText($('details-id'), id);
  if (!$('details').open) $('details').showModal();
  history.replaceState(null, '', `#${encodeURIComponent(id)}`);
  loadTimeline();
}

async function loadTimeline() {
  const id = opened;
  openedFor = model.environments.get(id);
  try {
    const answer = await fetch(ENVIRONMENTS + encodeURIComponent(id), { cache: 'no-cache' });
    const json = await answer.json();
    if (id !== opened) return;
    if (answer.ok) showTimeline(json.environment);
    else setText($('details-note'), answer.status === 404 ? 'This environment has ended too long ago to be shown' : json.detail);
  } catch {
    if (id === opened) setText($('details-note'), 'The relay does not answer; try again when the connection is back');
  }
}

function showTimeline(environment) {
  const publish = element('span', environment.publish ? 'dim' : '', `Publishing ${environment.publish ? 'on' : 'off'}`);
  const run = environment.runNumber === null ? [] : [element('span', '', `Run ${environment.runNumber}`)];
  const since = element('span', 'dim', `since ${timeOfDay(environment.enteredAt)}`);
  $('details-facts').replaceChildren(badge(environment.state), since, ...run, element('span', 'dim', environment.detectors.join(' ')), publish);
  $('details-note').hidden = true;
  $('timeline').hidden = false;
  $('timeline-rows').replaceChildren(...environment.timeline.reverse().map(step));
}

function step(step) {
  const row = element('tr');
  const labels = ['Time', 'Transition', 'Moment', 'State', 'Run', 'Messages to Kafka'];
  const [time, transition, moment, state, run, messages] = cells(row, labels);
  const t = new Date(step.timestamp);
  time.className = 'since';
  setText(time, `${timeOfDay(step.timestamp)}.${String(t.getMilliseconds()).padStart(3, '0')}`);
  transition.className = 'word';
  setText(transition, step.transition ?? '');
  setText(moment, step.moment + (step.adopted ? ' (adopted)' : ''));
  state.append(badge(step.state));
  run.className = 'number';
  setText(run, step.runNumber === null ? '' : String(step.runNumber));
  messages.className = 'wide';
  const list = element('ul', 'messages');
  for (const message of step.messages) {
    const item = element('li');
    const status = element('span', message.status === 'off' ? 'status dim' : 'status', message.status);
    setMood(status, { published: 'green', pending: 'amber' }[message.status]);
    item.append(element('span', 'id', message.topic), status);
    list.append(item);
  }
  if (step.messages.length) messages.append(list);
  return row;
}

// What the stream tells

function takeSnapshot(data) {
  const before = model.head;
  model.head = data;
  model.runs = new Map(data.runs.map((run) => [run.environmentId, run]));
  model.order = data.runs.map((run) => run.environmentId);
  model.environments = new Map(data.environments.map((e) => [e.environmentId, e]));
  if (!before) openFromAddress();
}

function takeChange(data) {
  const started = data.runs.filter((run) => model.runs.get(run.environmentId)?.runNumber !== run.runNumber);
  const ended = [];
  const wasOk = new Set(data.environments.map((e) => e.environmentId).filter((id) => model.environments.get(id)?.state !== 'ERROR'));
  for (const id of [...data.removed, ...data.environments.map((e) => e.environmentId)]) {
    const before = model.runs.get(id);
    const after = data.runs.find((run) => run.environmentId === id);
    if (before && before.runNumber !== after?.runNumber) ended.push(before);
    model.runs.delete(id);
    model.environments.delete(id);
  }
  data.environments.forEach((e) => model.environments.set(e.environmentId, e));
  data.runs.forEach((run) => model.runs.set(run.environmentId, run));
  if (data.order) model.order = data.order;
  const news = [...started.map((run) => `Run ${run.runNumber} started`), ...ended.map((run) => `Run ${run.runNumber} ended`)];
  if (model.head.pluginEnabled !== data.pluginEnabled) news.push(`Publishing ${data.pluginEnabled ? 'on' : 'off'}`);
  for (const e of data.environments) {
    if (e.state === 'ERROR' && wasOk.has(e.environmentId)) news.push(`Environment ${e.environmentId} is in ERROR`);
  }
  if (news.length) tell(news.join('. '));
  if (model.head.pluginEnabled !== data.pluginEnabled) askSettings();
  model.head = data;
}

function take(event) {
  if (event.id) link.lastId = event.id;
  const data = JSON.parse(event.data);
  if (event.name === 'snapshot') takeSnapshot(data);
  else if (event.name === 'change' && model.head) takeChange(data);
  else if (event.name === 'cut') throw new Error(data.detail);
  if (link.state !== 'live') becomeLive();
  if (opened !== null && (openedFor !== model.environments.get(opened) || hasPending())) loadTimeline();
  paintSoon();
}

const hasPending = () => $('timeline-rows').querySelector('.status[data-mood="amber"]') !== null;

// The stream

function heard() {
  link.heardAt = Date.now();
}

function takeLine(line, event) {
  if (line === '') {
    if (event.data) take(event);
    return { name: '', id: '', data: '' };
  }
  const colon = line.indexOf(':');
  const field = line.slice(0, colon);
  const value = line.slice(colon + 1).replace(/^ /, '');
  if (field === '' && value.startsWith('time ')) link.offset = Number(value.slice(5)) - Date.now();
  else if (field === 'retry') link.retryFloor = Number(value);
  else if (field === 'event') event.name = value;
  else if (field === 'id') event.id = value;
  else if (field === 'data') event.data = value;
  return event;
}

/** Only data makes it live; every connection begins with some. */
function becomeLive() {
  if (link.why) tell('Connected again');
  link.state = 'live';
  link.failures = 0;
  link.why = '';
  askSettings();
  reloadIfNewer();
}

async function read(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = { name: '', id: '', data: '' };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error('the relay has ended the stream');
    heard();
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) event = takeLine(line, event);
  }
}

async function connect() {
  clearTimeout(link.timer);
  link.retryAt = 0;
  link.abort = new AbortController();
  const began = Date.now();
  const watchdog = setInterval(() => {
    if (Date.now() - Math.max(began, link.heardAt) > SILENCE_MS) link.abort.abort(new Error(`nothing was heard for ${SILENCE_MS / 1000} s`));
  }, 1_000);
  try {
    const headers = link.lastId ? { 'Last-Event-ID': link.lastId } : {};
    const answer = await fetch(STREAM, { headers, cache: 'no-store', signal: link.abort.signal });
    if (!answer.ok) throw new Error((await answer.json().catch(() => null))?.detail ?? `status ${answer.status}`);
    await read(answer.body);
  } catch (failure) {
    lost(failure instanceof TypeError ? 'the relay cannot be reached' : failure.message);
  } finally {
    clearInterval(watchdog);
  }
}

function lost(why) {
  link.state = 'lost';
  link.why = why;
  const wait = Math.max(RETRY_MS[Math.min(link.failures, RETRY_MS.length - 1)] * (0.75 + Math.random() / 2), link.failures ? 0 : link.retryFloor / 2);
  link.failures += 1;
  link.retryAt = Date.now() + wait;
  link.timer = setTimeout(connect, wait);
  paintSoon();
}

function retryNow() {
  if (link.state === 'lost' && link.retryAt) connect();
}

// What is beside the stream

async function askSettings() {
  try {
    const answer = await fetch(SETTINGS, { cache: 'no-cache' });
    model.settings = answer.ok ? await answer.json() : null;
    paintSoon();
  } catch {
    // the stream says that the relay is away
  }
}

let ownTag = null;

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

// The picture

function showBanner() {
  const lostNow = link.state === 'lost';
  $('banner').hidden = !lostNow;
  if (!lostNow) return;
  setText($('banner-what'), model.head ? 'Connection lost: this is not live' : 'No connection to the relay');
  const age = model.head ? `Data of ${timeOfDay(link.heardAt + link.offset)}, ${span(Date.now() - link.heardAt)} old. ` : '';
  const next = link.retryAt ? `Next try in ${span(Math.max(0, link.retryAt - Date.now()))}.` : 'Trying…';
  setText($('banner-detail'), `${age}${link.why.charAt(0).toUpperCase()}${link.why.slice(1)}. ${next}`);
}

let painting = false;

function paint() {
  painting = false;
  document.body.dataset.connection = link.state;
  showBanner();
  showStrip();
  showRuns();
  showEnvironments();
}

function paintSoon() {
  if (!painting) {
    painting = true;
    requestAnimationFrame(paint);
  }
}

function theme(name) {
  document.documentElement.dataset.theme = name;
  setText($('theme'), name === 'dark' ? 'Light' : 'Dark');
  $('theme').setAttribute('aria-label', `Switch to ${name === 'dark' ? 'light' : 'dark'} colours`);
}

function openFromAddress() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id && !['runs', 'environments'].includes(id)) open(id);
}

function remembered() {
  try {
    return localStorage.getItem('theme');
  } catch {
    return null;
  }
}

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
theme(remembered() ?? (prefersDark.matches ? 'dark' : 'light'));
prefersDark.addEventListener('change', (e) => remembered() ?? theme(e.matches ? 'dark' : 'light'));
$('theme').addEventListener('click', () => {
  const name = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  theme(name);
  try {
    localStorage.setItem('theme', name);
  } catch {
    // not remembered, then
  }
});
$('filter').addEventListener('input', paintSoon);
$('retry').addEventListener('click', retryNow);
$('details-close').addEventListener('click', () => $('details').close());
$('details').addEventListener('click', (e) => e.target === $('details') && $('details').close());
$('details').addEventListener('close', () => {
  opened = null;
  history.replaceState(null, '', location.pathname);
});
window.addEventListener('online', retryNow);
document.addEventListener('visibilitychange', () => document.hidden || retryNow());
setInterval(paintSoon, 1_000);
setInterval(() => link.state === 'live' && askSettings(), SETTINGS_EVERY_MS);
connect();
