// An example of a customer's dashboard: the widget beside tiles of its own, all by the same API and the same token.

import { Token, get } from './api.js';
import { PROVIDERS, count, plain, rate, usd, hours } from './format.js';
import { visible } from './tables.js';
import { t, translate } from './words.js';

const EVERY = 60_000;
const SHOWN = 6;
const byId = (id) => document.getElementById(id);
const token = new Token();
const widget = byId('widget');

translate(document.body);

function node(tag, kind, text) {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}

function access() {
  const known = Boolean(token.get());
  byId('token-form').hidden = known;
  byId('tiles').hidden = !known;
  widget.token = token.get();
}

function instance(row) {
  const line = document.createElement('li');
  const gpus = row.gpu_count === 1 ? '' : `${plain(row.gpu_count, 4)} × `;
  line.append(
    node('span', '', visible(row.instance_id)),
    node('span', 'cost', row.dumont_hourly_rate === null ? t('rate unknown') : `${rate(row.dumont_hourly_rate)} / h`),
    node('span', 'note', `${gpus}${visible(row.gpu_type ?? t('Unknown GPU'))}, ${hours(row.running_hours)}${row.status === 'IDLE' ? `, ${t('Idle')}` : ''}`),
  );
  return line;
}

async function show() {
  if (!token.get() || document.hidden) return;
  try {
    const provider = byId('provider').value;
    const ask = (path, query) => get(path, { provider, ...query }, token.get());
    const [all, idle, month] = await Promise.all([
      ask('/savings/realtime', { limit: SHOWN, sort: '-dumont_hourly_rate' }), ask('/savings/realtime', { limit: 1, state: 'idle' }),
      ask('/savings/breakdown', { period: 'month', limit: 1 }),
    ]);
    byId('demo').hidden = !all.body.demo;
    byId('instances').replaceChildren(...all.body.active_instances.map(instance));
    byId('instances-note').textContent = all.body.total === 0 ? t('Nothing is running right now.') : t('{instances}, the dearest first', { instances: count(all.body.total, 'running instance') });
    byId('idle').textContent = plain(idle.body.total, 0);
    const { totals } = month.body;
    byId('spent').textContent = usd(totals.dumont_cost);
    byId('spent-note').textContent = totals.compared_hours === totals.hours ? hours(totals.hours) : t('on {some} of {all}: the part that is compared', { some: hours(totals.compared_hours), all: hours(totals.hours) });
  } catch (error) {
    if (error.status === 401) {
      token.forget();
      byId('token-why').textContent = t('The access token is missing or wrong');
      access();
    } else {
      byId('instances-note').textContent = t('No answer right now ({reason}).', { reason: error.message });
    }
  }
}

byId('provider').append(...Object.entries(PROVIDERS).map(([id, name]) => new Option(name, id)));
byId('provider').addEventListener('change', () => {
  widget.setAttribute('provider', byId('provider').value);
  show();
});
byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  token.set(byId('token-input').value.trim());
  byId('token-input').value = '';
  access();
  show();
});
document.addEventListener('visibilitychange', show);
widget.setAttribute('provider', byId('provider').value);
access();
show();
setInterval(show, EVERY);
