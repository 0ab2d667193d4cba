// How the relay is: Kafka, Consul, the control hosts, what waits and what is refused.

import { $, element, keep, setMood, setText } from './dom.js';
import { model } from './model.js';
import { link, now } from './stream.js';
import { answers } from './polls.js';
import { daysLeft, FEW_DAYS, hostState, OLD_BACKLOG_MS, troubles, verdict, whyOff } from './trouble.js';
import { count, plural, printable, sentence, setTime, shortTime, shown, span, timeOfDay } from './words.js';

const PARKED_SHOWN = 20;
const SKIPPED_SHOWN = 20;

function fact(id, value, note = '', mood = '') {
  const box = $(id);
  setText(box.querySelector('.value'), value);
  setText(box.querySelector('.note'), note);
  setMood(box, mood);
}

/** The verdict, what is wrong, and every fact behind it. */
export function showHealth() {
  const { head } = model;
  const found = troubles(head, answers, now());
  const [word, mood] = verdict(found, link, head);
  setText($('verdict'), word);
  setMood($('verdict'), mood);
  $('troubles').hidden = found.length === 0;
  const byKey = new Map(found.map((trouble) => [trouble.key, trouble]));
  keep($('trouble-list'), [...byKey.keys()], makeTrouble, (item, key) => updateTrouble(item, byKey.get(key)));
  fact('connection', ...connection());
  if (!head) return;
  document.body.dataset.current = answers.cluster?.json.role === 'cut off' ? 'no' : 'yes';
  setText($('host'), answers.cluster ? answers.cluster.json.host : '');
  fact('publishing', ...publishing(head));
  fact('stream', ...stream(head, answers.delivery?.json.ingest));
  fact('backlog', ...backlog(head));
  fact('settings', ...consul(answers.settings?.json));
  optional('core', answers.delivery?.json.core, (core) => compared(head, core));
  optional('certificate', answers.cluster?.json.certificateUntil, certificate);
  fact('age', `${span(now() - head.dataTimestamp)} ago`, `at ${timeOfDay(head.dataTimestamp, now())}`);
  showParked();
  showSkipped();
  showDifferences();
  showHosts();
}

function makeTrouble() {
  const item = element('li');
  item.parts = { what: element('p', 'trouble-what'), todo: element('p', 'trouble-todo') };
  item.append(item.parts.what, item.parts.todo);
  return item;
}

function updateTrouble(item, { mood, what, todo }) {
  setMood(item, mood);
  setText(item.parts.what, what);
  setText(item.parts.todo, todo);
}

function connection() {
  if (link.state === 'live') return ['Live', `heard ${span(Date.now() - link.heardAt)} ago`, 'green'];
  return link.state === 'lost' ? ['Lost', '', 'red'] : ['Connecting'];
}

function publishing(head) {
  const { publisher } = head;
  const to = answers.delivery ? `to ${answers.delivery.json.brokers.join(', ')}` : '';
  if (!head.pluginEnabled) return ['Off', whyOff(head), 'amber'];
  if (!head.leading) return head.leader ? ['On', [`by ${head.leader}`, to].filter(Boolean).join(', ')] : ['Nobody publishes', 'no host leads', 'red'];
  if (!publisher) return ['On', 'the publisher does not say how it is', 'amber'];
  const since = `since ${timeOfDay(publisher.since, now())}`;
  if (publisher.state === 'publishing') return ['On', publisher.healthy ? [to, since].filter(Boolean).join(', ') : printable(publisher.reason), publisher.healthy ? 'green' : 'amber'];
  return [sentence(publisher.state), `${printable(publisher.reason)}, ${since}`, publisher.healthy ? '' : publisher.state === 'failing' ? 'red' : 'amber'];
}

function stream(head, ingest) {
  if (!head.leading) return head.leader ? ['Read', `by ${head.leader}`] : ['Not read', 'no host leads', 'red'];
  if (!ingest) return ['Not known', ''];
  const since = `since ${timeOfDay(ingest.since, now())}`;
  const brokers = answers.settings?.json.settings?.streamBrokers.join(', ');
  if (ingest.state === 'reading') return ['Read', brokers ? `from ${brokers}, ${since}` : since, ingest.healthy ? 'green' : 'amber'];
  return [sentence(ingest.state), [printable(ingest.reason), since].filter(Boolean).join(', '), ingest.healthy ? '' : 'red'];
}

function backlog(head) {
  if (!head.pendingChanges) return ['Nothing', '', 'green'];
  const waits = now() - head.oldestPendingAt;
  return [plural(head.pendingChanges, 'change'), `the oldest for ${span(waits)}`, waits > OLD_BACKLOG_MS ? 'amber' : ''];
}

function consul(settings) {
  if (!settings) return ['Not known', ''];
  const read = settings.consul;
  const inForce = settings.settings;
  const news = inForce ? `new environments are ${inForce.publishNewEnvironments ? '' : 'not '}published` : 'nothing is published before there are some';
  const refused = read?.keys.filter((key) => key.refusal).map((key) => key.refusal) ?? [];
  if (!read) return ['Not read', 'nothing reads Consul on this host', 'amber'];
  if (!read.reachable) return ['Consul away', `${inForce ? 'last good settings in force' : news}${read.lastAnswer ? `; last answer ${timeOfDay(read.lastAnswer, now())}` : ''}`, 'amber'];
  const bad = refused.find((refusal) => refusal.kind !== 'SURPRISING');
  if (bad) return [bad.kind === 'MISSING' ? 'Key missing' : 'Refused', printable(bad.reason), 'amber'];
  if (!inForce) return ['None yet', news, 'amber'];
  if (!read.inForce) return ['Not in force yet', 'Consul has newer settings than those in force', 'amber'];
  return ['In force', `since ${timeOfDay(inForce.since, now())}; ${news}`, refused.length ? 'amber' : 'green'];
}

function showParked() {
  const delivery = answers.delivery?.json;
  const messages = answers.parked?.json.parked ?? [];
  fact('parked', !delivery ? 'Not known' : delivery.parked ? plural(delivery.parked, 'message') : 'None', delivery?.parked ? 'refused by Kafka, kept by the relay' : '', !delivery ? '' : delivery.parked ? 'amber' : 'green');
  $('parked-messages').hidden = messages.length === 0;
  const byId = new Map(messages.slice(0, PARKED_SHOWN).map((message) => [message.id, message]));
  keep($('parked-list'), [...byId.keys()], makeParked, (item, id) => updateParked(item, byId.get(id)));
  setText($('parked-more'), messages.length > PARKED_SHOWN ? `and ${count(messages.length - PARKED_SHOWN)} more: see /api/v1/parked` : '');
}

function makeParked() {
  const item = element('li');
  item.parts = { topic: element('p', 'id'), facts: element('p', 'note'), why: element('p') };
  item.append(item.parts.topic, item.parts.facts, item.parts.why);
  return item;
}

function updateParked(item, message) {
  setText(item.parts.topic, message.topic);
  const whose = message.environmentId ? `of ${shown(message.environmentId)}, ` : '';
  const next = message.resending ? 'on its way again' : message.awaitsTopic ? 'goes out once its topic takes messages' : 'to be resent';
  setText(item.parts.facts, `${whose}parked ${timeOfDay(message.parkedAt, now())}; ${next}`);
  setText(item.parts.why, printable(message.reason));
}

/** Runs that began and ended while publishing was off: no reader of Kafka ever learns of them. */
function showSkipped() {
  const runs = answers.delivery?.json.skippedRuns ?? [];
  $('skipped-runs').hidden = runs.length === 0;
  setText($('skipped-what'), `${plural(runs.length, 'run')} not published, and why`);
  const byKey = new Map(runs.slice(0, SKIPPED_SHOWN).map((run) => [`${run.runNumber} ${run.environmentId} ${run.endedAt}`, run]));
  keep($('skipped-list'), [...byKey.keys()], () => element('li'), (item, key) => setText(item, skipped(byKey.get(key))));
  setText($('skipped-more'), runs.length > SKIPPED_SHOWN ? `and ${count(runs.length - SKIPPED_SHOWN)} more: see /api/v1/delivery` : '');
}

/** A fact that not every relay has. */
function optional(id, known, tell) {
  $(id).hidden = !known;
  if (known) fact(id, ...tell(known));
}

function certificate(until) {
  const left = daysLeft(until, now());
  const words = left < 0 ? 'Not valid any more' : left === 1 ? '1 day left' : `${count(left)} days left`;
  return [words, `until ${shortTime(until, now())}`, left < 0 ? 'red' : left < FEW_DAYS ? 'amber' : 'green'];
}

function compared(head, { healthy, state, reason, comparedAt }) {
  if (!head.leading) return head.leader ? ['Compared', `by ${head.leader}`] : ['Not compared', 'no host leads', 'amber'];
  const when = comparedAt === null ? 'not compared yet' : `compared ${timeOfDay(comparedAt, now())}`;
  if (state === 'answering') return ['Agrees', when, 'green'];
  return [sentence(state), [printable(reason), when].filter(Boolean).join(', '), healthy ? '' : 'amber'];
}

const DIFFERENCES = {
  ended: 'ended, as the core does not have it',
  observed: 'taken as the core has it',
  completed: 'filled in what was not known',
};

function showDifferences() {
  const found = answers.delivery?.json.core?.found ?? [];
  $('differences').hidden = found.length === 0;
  if (!found.length) return;
  setText($('differences-what'), `${plural(found.length, 'time')} the core knew better, the last at ${timeOfDay(found[0].timestamp, now())}`);
  const byKey = new Map(found.map((one) => [`${one.timestamp} ${one.environmentId} ${one.kind}`, one]));
  keep($('difference-list'), [...byKey.keys()], () => element('li'), (item, key) => setText(item, difference(byKey.get(key))));
}

function difference({ timestamp, kind, environmentId, runNumber }) {
  const run = runNumber === null ? '' : `, run ${runNumber}`;
  return `${timeOfDay(timestamp, now())} ${shown(environmentId)}${run}: ${DIFFERENCES[kind] ?? kind}`;
}

function skipped({ runNumber, environmentId, endedAt }) {
  return `Run ${runNumber} of ${shown(environmentId)}, ended ${timeOfDay(endedAt, now())}: publishing was off from before its start until after its end`;
}

function showHosts() {
  const cluster = answers.cluster?.json;
  setText($('hosts-note'), cluster ? `Term ${count(cluster.term)}, journal entry ${count(cluster.journalIndex)}` : 'Not known: the journal of this host is not open');
  const byId = new Map((cluster?.hosts ?? []).map((host) => [host.id, host]));
  keep($('host-list'), [...byId.keys()], makeHost, (item, id) => updateHost(item, byId.get(id), cluster));
}

function makeHost() {
  const item = element('li', 'host');
  item.parts = { name: element('span', 'host-name'), state: element('span', 'value'), note: element('span', 'note') };
  item.append(item.parts.name, item.parts.state, item.parts.note);
  return item;
}

const HOST_WORDS = { away: 'Away', behind: 'Behind', current: 'Up to date', unknown: 'Not known', 'cut off': 'Cut off' };
const HOST_MOODS = { away: 'red', behind: 'amber', current: 'green', 'cut off': 'red' };

function updateHost(item, host, cluster) {
  const state = hostState(host, cluster, Date.now() - answers.cluster.at);
  const leads = host.leader && state !== 'cut off';
  setText(item.parts.name, host.id);
  item.parts.name.title = host.address;
  setText(item.parts.state, leads && state === 'current' ? 'Leads' : HOST_WORDS[state]);
  setText(item.parts.note, hostNotes(host, cluster, state, leads).join(', '));
  setMood(item, HOST_MOODS[state]);
}

function hostNotes(host, cluster, state, leads) {
  const notes = [];
  const heard = host.id === cluster.host ? cluster.heardFromLeaderMs : host.lastHeardMs;
  if (host.id === cluster.host) notes.push('this host');
  if (leads && state !== 'current') notes.push('leads');
  if (state === 'behind') notes.push(`by ${plural((host.id === cluster.host ? cluster.behind : host.behind) ?? 0, 'entry').replace('entrys', 'entries')}`);
  if (state === 'away') notes.push(heard === null ? 'not heard of since this host leads' : `last heard ${span(heard)} ago`);
  if (state === 'cut off') notes.push(heard === null ? 'heard of no other host yet' : heard < 1_000 ? 'alone' : `alone for ${span(heard)}`);
  if (state === 'unknown') notes.push(cluster.leader ? `${cluster.leader} knows` : 'nobody says');
  return notes;
}

/** The clock of the page: the relay's time, in the zone of whoever looks. */
export function showClock() {
  const time = timeOfDay(now(), now());
  setTime($('clock'), Math.floor(now() / 1000) * 1000, time);
}
