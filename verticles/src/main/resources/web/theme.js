// Light or dark: what the system says, until somebody chooses.

import { $, setAttribute, setText } from './dom.js';

const KEY = 'theme';

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // forbidden here
  }
}

function remember(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // not remembered, then
  }
}

function show(name) {
  const other = name === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = name;
  setText($('theme'), other === 'dark' ? 'Dark' : 'Light');
  setAttribute($('theme'), 'aria-label', `${other === 'dark' ? 'Dark' : 'Light'} colours`);
}

/** Shows the right one from now on. */
export function watchTheme() {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  show(remembered() ?? (prefersDark.matches ? 'dark' : 'light'));
  prefersDark.addEventListener('change', (e) => remembered() ?? show(e.matches ? 'dark' : 'light'));
  $('theme').addEventListener('click', () => {
    const name = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    show(name);
    remember(name);
  });
}
