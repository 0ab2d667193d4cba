// Words for people: times, durations, numbers, and text that came from outside.

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const MOST_DATE = 8.64e15; // a Date holds no more

const two = (n) => String(n).padStart(2, '0');
const isDate = (ms) => Math.abs(ms) <= MOST_DATE;

/** 4:07, 1:04:07 or 2 d 01:04:07 */
export function clock(ms) {
  const s = Math.max(0, Math.floor(ms / SECOND));
  const [d, h, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
  if (d) return `${d} d ${two(h)}:${two(m)}:${two(s % 60)}`;
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** 12 s, 4 min, 3 h, 2 d */
export function span(ms) {
  const s = Math.max(0, Math.round(ms / SECOND));
  if (s < 90) return `${s} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  return ms < 1.5 * DAY ? `${Math.round(ms / HOUR)} h` : `${Math.round(ms / DAY)} d`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 14:03:22; of another day 26 Nov 14:03:22; of another year 26 Nov 2025 14:03:22. Local time. */
export function timeOfDay(ms, now) {
  if (!isDate(ms)) return utc(ms);
  const [t, today] = [new Date(ms), new Date(now)];
  const time = `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
  if (t.toDateString() === today.toDateString()) return time;
  const year = t.getFullYear() === today.getFullYear() ? '' : ` ${t.getFullYear()}`;
  return `${t.getDate()} ${MONTHS[t.getMonth()]}${year} ${time}`;
}

/** The same without seconds. */
export const shortTime = (ms, now) => timeOfDay(ms, now).replace(/:\d\d$/, '');

/** 14:03 */
export const hourAndMinute = (ms) => `${two(new Date(ms).getHours())}:${two(new Date(ms).getMinutes())}`;

/** 14:03:22.125, with the date when needed. */
export const exactTime = (ms, now) => timeOfDay(ms, now) + (isDate(ms) ? `.${String(ms % SECOND).padStart(3, '0')}` : '');

/** 2026-11-26 13:03:22.125 UTC, or the number when no date is that far away. */
export const utc = (ms) => (isDate(ms) ? new Date(ms).toISOString().replace('T', ' ').replace('Z', ' UTC') : `${ms} ms after 1970`);

/** A time element: local time to read, UTC when pointed at. */
export function setTime(target, ms, text) {
  if (target.textContent !== text) target.textContent = text;
  if (target.shows === ms) return;
  target.shows = ms;
  if (isDate(ms)) target.dateTime = new Date(ms).toISOString();
  else target.removeAttribute('datetime');
  target.title = utc(ms);
}

/** 4 ms, 1.2 s, 45 s, 3 min */
export function delay(ms) {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  return ms < 10 * SECOND ? `${Number((ms / SECOND).toFixed(1))} s` : span(ms);
}

export const count = (n) => n.toLocaleString('en');
export const plural = (n, one) => `${count(n)} ${one}${n === 1 ? '' : 's'}`;
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g;
const code = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text from outside: what cannot be seen, or turns the text round, is shown by its number. */
export const printable = (text) => text.replace(UNSEEN, code);

/** The same, cut when it is long. */
export function shown(text, most = 48) {
  const seen = printable(text.length > most ? text.slice(0, most) : text);
  return text.length > most || seen.length > 2 * most ? `${seen.slice(0, 2 * most)}…` : seen;
}
