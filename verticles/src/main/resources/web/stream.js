// The live stream: connects, reads, notices silence, comes back by itself.

const STREAM = '/api/v1/runs/stream';
const SILENCE_MS = 40_000; // the stream gives a sign of life every 15 s
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export const link = {
  state: 'connecting', // then live or lost
  heardAt: 0, // by our clock
  offset: 0, // the relay's clock minus ours
  retryAt: 0, // when it is tried again, 0 while it is tried
  why: '', // it was lost
};

const own = { lastId: null, failures: 0, retryFloor: 0, timer: 0, listener: null };

/** The relay's time; it stands still while the relay is not heard. */
export const now = () => (link.state === 'live' ? Date.now() : link.heardAt || Date.now()) + link.offset;

/**
 * Connects for good.
 *
 * @param listener event(name, data) for each event, live(again) when data flows, changed() when
 *     the link is otherwise than before
 */
export function start(listener) {
  own.listener = listener;
  connect();
}

/** Does not wait any longer. */
export function retryNow() {
  if (link.state === 'lost' && link.retryAt) connect();
}

function takeEvent(event) {
  const data = JSON.parse(event.data);
  if (event.name === 'cut') throw new Error(data.detail);
  own.listener.event(event.name, data);
  if (event.id) own.lastId = event.id; // what could not be taken comes again
  if (link.state === 'live') return;
  const again = link.why !== ''; // only data makes it live; every connection begins with some
  Object.assign(link, { state: 'live', why: '' });
  own.failures = 0;
  own.listener.live(again);
}

function takeLine(line, event) {
  if (line === '') {
    if (event.data) takeEvent(event);
    return { name: '', id: '', data: '' };
  }
  const colon = line.indexOf(':');
  const field = line.slice(0, colon);
  const value = line.slice(colon + 1).replace(/^ /, '');
  if (field === '' && value.startsWith('time ')) link.offset = Number(value.slice(5)) - Date.now();
  else if (field === 'retry') own.retryFloor = Number(value);
  else if (field === 'event') event.name = value;
  else if (field === 'id') event.id = value;
  else if (field === 'data') event.data = value;
  return event;
}

async function read(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = { name: '', id: '', data: '' };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error('the relay has ended the stream');
    link.heardAt = Date.now();
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) event = takeLine(line, event);
  }
}

async function connect() {
  clearTimeout(own.timer);
  link.retryAt = 0;
  const abort = new AbortController();
  const began = Date.now();
  const watchdog = setInterval(() => {
    if (Date.now() - Math.max(began, link.heardAt) > SILENCE_MS) abort.abort(new Error(`nothing was heard for ${SILENCE_MS / 1000} s`));
  }, 1_000);
  try {
    const headers = own.lastId ? { 'Last-Event-ID': own.lastId } : {};
    const answer = await fetch(STREAM, { headers, cache: 'no-store', signal: abort.signal });
    if (!answer.ok) throw new Error((await answer.json().catch(() => null))?.detail ?? `status ${answer.status}`);
    await read(answer.body);
  } catch (failure) {
    lost(failure instanceof TypeError ? 'the relay cannot be reached' : failure.message);
  } finally {
    clearInterval(watchdog);
    abort.abort(); // or the old stream stays open beside the next one, whatever was wrong with it
  }
}

function lost(why) {
  const spread = 0.75 + Math.random() / 2;
  const wait = Math.max(RETRY_MS[Math.min(own.failures, RETRY_MS.length - 1)] * spread, own.failures ? 0 : own.retryFloor / 2);
  own.failures += 1;
  Object.assign(link, { state: 'lost', why, retryAt: Date.now() + wait });
  own.timer = setTimeout(connect, wait);
  own.listener.changed();
}
