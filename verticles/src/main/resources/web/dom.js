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

/** Makes the children of a list those keys in that order, keeping elements (and so the focus). */
export function keep(parent, keys, make, update) {
  const known = new Map([...parent.children].map((child) => [child.key, child]));
  let place = parent.firstElementChild;
  for (const key of new Set(keys)) {
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
