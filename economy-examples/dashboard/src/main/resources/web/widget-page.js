// The widget alone on a page, for those who frame it: the address may name what it compares with, and carries a token once.

import { Token } from './api.js';
import { translate } from './words.js';

translate(document.body);

const widget = document.querySelector('economy-widget');
const asked = new URLSearchParams(location.search);
for (const name of ['provider', 'option', 'region', 'sizing', 'lang', 'theme']) {
  if (asked.get(name)) widget.setAttribute(name, asked.get(name));
}
widget.token = new Token().get();
