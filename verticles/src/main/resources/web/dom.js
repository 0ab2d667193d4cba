// Elements: made of text alone, changed only where they differ.

const SVG = 'http://www.w3.org/2000/svg';

export const $ = (id) => document.getElementById(id);

/** An element with these children; a string becomes text, never markup. */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** An element of a picture. */
export function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

/** The parts of a long name, which breaks behind an underscore where it must. */
export const breakable = (name) => name.split(/(?<=_)/).flatMap((part, at) => (at ? [element('wbr'), part] : [part]));

export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

export function setAttribute(target, name, value) {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}

/** The meaning of a colour: green, amber, red or none. Each has a shape of its own too. */
export function setMood(target, mood) {
  if (mood) target.dataset.mood = mood;
  else delete target.dataset.mood;
}

/** Makes the children of a list those keys in that order, keeping elements, and the focus in them. */
export function keep(parent, keys, make, update) {
  const wanted = new Set(keys);
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const known = new Map([...parent.children].map((child) => [child.key, child]));
  known.forEach((child, key) => wanted.has(key) || child.remove()); // first, so that no other need make way
  const children = [...wanted].map((key) => known.get(key) ?? Object.assign(make(key), { key }));
  arrange(parent, children);
  children.forEach((child) => update(child, child.key));
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

/** Moves as few as can be: what moves loses the focus, and a click that has begun. */
function arrange(parent, children) {
  const places = new Map([...parent.children].map((child, at) => [child, at]));
  const stay = mostRising(children.filter((child) => places.has(child)).map((child) => places.get(child)));
  let next = parent.firstElementChild;
  for (const child of children) {
    if (stay.has(places.get(child))) next = child.nextElementSibling;
    else parent.insertBefore(child, next);
  }
}

/** As many of these numbers as there can be that follow each other in rising order. */
function mostRising(numbers) {
  const ends = []; // by length less one, the lowest last number of so many
  for (const number of numbers) {
    const length = ends.findLastIndex((end) => end.number < number) + 1;
    ends[length] = { number, before: ends[length - 1] };
  }
  const found = new Set();
  for (let end = ends.at(-1); end; end = end.before) found.add(end.number);
  return found;
}
