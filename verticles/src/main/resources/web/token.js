// The token that changes need: kept in this tab until it is closed, sent with a change and with
// nothing else. Whether it is right shows only when it is used.

import { $, setText } from './dom.js';

const KEY = 'token';

let given = remembered();

function remembered() {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return ''; // forbidden here
  }
}

function take(text) {
  given = text;
  $('token').value = ''; // whoever comes by cannot make it visible
  try {
    if (text) sessionStorage.setItem(KEY, text);
    else sessionStorage.removeItem(KEY);
  } catch {
    // kept until the page is loaded anew, then
  }
  show();
}

/** Empty when none was given. */
export const token = () => given;

export const dropToken = () => take('');

function show() {
  setText($('access-what'), given ? 'Changes: a token was given' : 'Changes: no token was given');
  $('token-drop').hidden = !given;
}

/** Offered where the relay takes one: it has its own, and nobody can listen on the way. */
export function showAccess(settings) {
  const own = settings?.host.find((setting) => setting.name === 'http.token-file');
  $('access').hidden = !own?.value || !isSecureContext;
}

/** Takes one from now on. */
export function watchToken() {
  $('access-form').addEventListener('submit', (event) => {
    event.preventDefault();
    take($('token').value.trim() || given);
  });
  $('token-drop').addEventListener('click', dropToken);
  show();
}
