// Everything that is wrong with the relay, in words for whoever is on shift. Pure functions.

import { count, plural, printable, span } from './words.js';

export const OLD_BACKLOG_MS = 10_000;
export const AWAY_MS = 3_000;
export const FEW_DAYS = 30;
const DAY_MS = 86_400_000;
const BEHIND_ENTRIES = 20; // fewer are on their way at any moment

/** How a host is, as far as the asked one knows: away, behind, current or unknown. */
export function hostState(host, cluster, askedMsAgo) {
  if (host.id === cluster.host) return cluster.role === 'cut off' ? 'cut off' : cluster.behind > BEHIND_ENTRIES ? 'behind' : 'current';
  const knows = cluster.role === 'leader' || host.leader;
  if (!knows) return 'unknown';
  if (host.lastHeardMs === null || host.lastHeardMs + Math.min(askedMsAgo, AWAY_MS / 2) > AWAY_MS) return 'away';
  return host.behind > BEHIND_ENTRIES ? 'behind' : 'current';
}

/**
 * What is wrong, worst first.
 *
 * @param head of the newest answer of the stream, or null
 * @param answers see polls.js
 * @param now the relay's time, ms
 * @returns {{key: string, mood: string, what: string, todo: string}[]}
 */
export function troubles(head, answers, now) {
  if (!head) return [];
  const found = [
    ...ofCluster(head, answers.cluster?.json),
    ...ofStream(head, answers.delivery?.json.ingest),
    ...ofPublishing(head, now, answers.delivery?.json.parked ?? 0),
    ...ofParked(head.publisher, answers.delivery?.json, answers.parked?.json),
    ...ofConsul(answers.settings?.json),
    ...ofCore(head, answers.delivery?.json.core),
    ...ofCertificate(answers.cluster?.json, now),
  ];
  const rank = { red: 0, amber: 1 };
  return found.sort((a, b) => rank[a.mood] - rank[b.mood]);
}

const red = (key, what, todo = '') => ({ key, mood: 'red', what, todo });
const amber = (key, what, todo = '') => ({ key, mood: 'amber', what, todo });

function ofCluster(head, cluster) {
  if (cluster?.role === 'cut off') {
    const since = cluster.heardFromLeaderMs < 1_000 ? '' : ` for ${span(cluster.heardFromLeaderMs)}`;
    const what = `This host (${cluster.host}) has been cut off from the other control hosts${since}: what you see here may be old`;
    return [red('cut off', what, 'Look at the page of another control host, and at the network of this one.')];
  }
  if (!head.leader) {
    return [red('leader', 'No control host leads: changes of AliECS are not taken, nothing is published', 'It ends by itself once most of the hosts run and reach each other.')];
  }
  if (cluster?.role !== 'leader') return [];
  const away = cluster.hosts.filter((host) => hostState(host, cluster, 0) === 'away');
  if (!away.length) return [];
  const names = away.map((host) => host.id).join(' and ');
  const spare = Math.floor((cluster.hosts.length - 1) / 2) - away.length;
  const left = spare > 0 ? `The relay goes on, and would with ${plural(spare, 'more host')} lost.` : 'The relay goes on, but stops if one more is lost.';
  return [amber('away', `Control host ${names} ${away.length === 1 ? 'does' : 'do'} not answer`, `${left} Start it again.`)];
}

function ofStream(head, ingest) {
  if (!head.leading || !ingest || ingest.healthy) return [];
  const why = printable(ingest.reason || 'no reason given');
  return [red('stream', `AliECS's event stream is not read: ${why}`, 'New transitions show only once it is read again; it goes on where it was.')];
}

function ofPublishing(head, now, parked) {
  const { publisher } = head;
  const waits = waitingWords(head, now);
  if (!head.pluginEnabled) {
    return [amber('off', `Publishing is off: ${whyOff(head)}`, `${waits}Nothing goes to Kafka. To turn it on, add kafka to integrationPlugins in Consul.`)];
  }
  if (!head.leading || publisher?.healthy) return ofBacklog(head, now);
  if (!publisher) return [amber('publisher', 'The publisher of this host does not say how it is', 'If it lasts, look into the log of this host.')];
  const why = printable(publisher.reason || 'no reason given');
  if (publisher.state === 'failing') return [red('failing', `Nothing gets to Kafka: ${why}`, `${waits}Nothing is lost: it goes out when Kafka takes it again.`)];
  if (publisher.state !== 'publishing') return [amber('publisher', `Not publishing yet (${publisher.state}): ${why}`, waits)];
  return parked ? [] : [amber('publisher', `Publishing, but: ${why}`, waits)]; // of parked messages it is told below
}

/** Why publishing is off. */
export const whyOff = ({ pluginOffBecause }) => printable(pluginOffBecause);

function waitingWords({ pendingChanges, oldestPendingAt }, now) {
  if (!pendingChanges) return '';
  return `${plural(pendingChanges, 'change')} ${pendingChanges === 1 ? 'waits' : 'wait'} for Kafka, the oldest for ${span(now - oldestPendingAt)}. `;
}

function ofBacklog(head, now) {
  if (!head.pendingChanges || now - head.oldestPendingAt <= OLD_BACKLOG_MS) return [];
  return [amber('backlog', waitingWords(head, now).slice(0, -2), 'What waits is kept and goes out in order when Kafka takes it.')];
}

function ofParked(publisher, delivery, parked) {
  if (!delivery?.parked) return [];
  const reason = (publisher?.state === 'publishing' && publisher.reason) || parked?.parked[0]?.reason;
  const why = reason ? `: ${printable(reason)}` : '';
  const byItself = parked?.parked.every((message) => message.awaitsTopic);
  const todo = byItself ? 'They go out by themselves once their topic takes messages.' : 'Mend the reason: they are tried again by themselves, or at once by hand; see “Parked messages” on this page.';
  return [amber('parked', `Kafka refuses ${plural(delivery.parked, 'message')}${why}`, todo)];
}

function ofConsul(settings) {
  if (!settings) return [];
  const { consul } = settings;
  const stays = settings.settings ? 'The last good settings stay in force.' : 'There are no settings yet: nothing is published.';
  if (!consul) return [amber('consul', 'Nothing reads Consul on this host', stays)];
  if (!consul.reachable) {
    const why = consul.unreadable[0] ? `: ${printable(consul.unreadable[0].reason)}` : '';
    return [amber('consul', `Consul cannot be asked${why}`, stays)];
  }
  return consul.keys
    .filter((key) => key.refusal)
    .map(({ key, refusal }) => {
      const surprising = refusal.kind === 'SURPRISING';
      const todo = surprising ? 'It is in force all the same. Correct it if it was not meant.' : 'Correct the key.';
      const told = surprising || refusal.reason.includes('last good settings');
      return amber(key, `In Consul: ${printable(refusal.reason)}`, told ? todo : `${stays} ${todo}`);
    });
}

function ofCore(head, core) {
  if (!head.leading || !core || core.healthy) return [];
  const todo = 'A run whose end the event stream does not tell stays on the list until it answers.';
  return [amber('core', `AliECS's core cannot be compared with: ${printable(core.reason)}`, todo)];
}

/** Whole days until then; below 0 when it is over. */
export const daysLeft = (until, now) => Math.floor((until - now) / DAY_MS);

function ofCertificate(cluster, now) {
  const until = cluster?.certificateUntil;
  const left = daysLeft(until, now);
  if (!until || left >= FEW_DAYS) return [];
  const todo = 'Write a new one, and its key, over the files of cluster.tls: it is taken without a restart.';
  if (until <= now) return [red('certificate', `The certificate of this host (${cluster.host}) has ended: other hosts refuse it`, todo)];
  return [amber('certificate', `The certificate of this host (${cluster.host}) ends in ${left > 1 ? plural(left, 'day') : span(until - now)}`, todo)];
}

/** Whether it works, in a word or two. */
export function verdict(found, link, head) {
  if (link.state === 'lost') return ['Not live', 'red'];
  if (!head) return ['Connecting', ''];
  const bad = found.filter((trouble) => trouble.mood === 'red').length;
  if (bad) return [`Problems: ${count(found.length)}`, 'red'];
  return found.length ? [`To look at: ${count(found.length)}`, 'amber'] : ['Relay works', 'green'];
}
