// The page's words. English is what stands in the code; other languages are looked up by it, so a word that is missing is shown in English.

import { PORTUGUESE } from './words-pt.js';

const KEY = 'economy.language';
const DICTIONARIES = { 'pt-BR': PORTUGUESE };

function first() {
  const asked = new URLSearchParams(location.search).get('lang');
  if (asked) return asked;
  try {
    const remembered = localStorage.getItem(KEY);
    if (remembered) return remembered;
  } catch { /* storage blocked: the browser's language */ }
  return navigator.language;
}

export const language = /^pt\b/i.test(first()) ? 'pt-BR' : 'en';
export const locale = language === 'en' ? 'en-US' : language;

const dictionary = DICTIONARIES[language] ?? {};

export function t(text, values) {
  const said = dictionary[text] ?? text;
  return values ? said.replace(/\{(\w+)\}/g, (_, name) => values[name]) : said;
}

// The words that stand in the page itself.
export function translate(root) {
  document.documentElement.lang = language;
  if (language === 'en') return;
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data } = texts.currentNode;
    const known = dictionary[data.trim().replace(/\s+/g, ' ')];
    if (known) texts.currentNode.data = data.replace(data.trim(), known);
  }
  for (const name of ['placeholder', 'aria-label']) {
    root.querySelectorAll(`[${name}]`).forEach((node) => node.setAttribute(name, t(node.getAttribute(name))));
  }
}

// Words that are drawn once hold till the page is read again, and the address keeps its place.
export function choose(chosen) {
  try {
    localStorage.setItem(KEY, chosen);
  } catch { /* not remembered */ }
  const address = new URL(location.href);
  address.searchParams.set('lang', chosen);
  location.replace(address);
}
