// What the stream does not carry, asked for from time to time.

const SOONEST_MS = 1_000;
const PATIENCE_MS = 10_000;

/** The newest answers by name; null until there is one. `at` is when it came, by our clock. */
export const answers = { settings: null, delivery: null, parked: null, cluster: null, statistics: null, ended: null, changes: null };

const POLLS = {
  settings: { path: '/api/v1/settings', every: 30_000 },
  delivery: { path: '/api/v1/delivery', every: 10_000 },
  parked: { path: '/api/v1/parked', every: 30_000, wanted: () => answers.delivery?.json.parked > 0 },
  cluster: { path: '/api/v1/cluster', every: 5_000, hurry: (json) => json.role === 'cut off' },
  statistics: { path: '/api/v1/statistics', every: 30_000 },
  changes: { path: '/api/v1/changes', every: 30_000 },
  ended: { path: '/api/v1/environments?state=DONE', every: 60_000 },
};

let changed = () => {};
let live = () => false;

/** Begins to ask, whenever live() is true and somebody looks; changed() follows each answer. */
export function poll(isLive, whenChanged) {
  live = isLive;
  changed = whenChanged;
  for (const [name, own] of Object.entries(POLLS)) {
    setInterval(() => document.hidden || ask(name), own.every);
  }
}

/** Asks soon, but not more often than once a second. */
export function askSoon(...names) {
  for (const name of names) {
    const own = POLLS[name];
    own.timer ??= setTimeout(() => ask(name), Math.max(0, (own.askedAt ?? 0) + SOONEST_MS - Date.now()));
  }
}

export const askAll = () => askSoon(...Object.keys(POLLS));

async function ask(name) {
  const own = POLLS[name];
  clearTimeout(own.timer);
  own.timer = null;
  if (own.asking) {
    own.again = true; // or what changed meanwhile would be missed
    return;
  }
  if (!live() || (own.wanted && !own.wanted())) {
    if (own.wanted && live()) answers[name] = null;
    return;
  }
  own.asking = true;
  own.askedAt = Date.now();
  try {
    const answer = await fetch(own.path, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE_MS) });
    answers[name] = answer.ok ? { json: await answer.json(), at: Date.now() } : null;
    if (name === 'delivery') askSoon('parked');
    if (answers[name] && own.hurry?.(answers[name].json)) askSoon(name);
    changed();
  } catch {
    // the stream says when the relay is away
  } finally {
    own.asking = false;
    if (own.again) askSoon(name);
    own.again = false;
  }
}
