// The tables below the headline: what the savings come from, other providers, how sure the figure is, a simulation, and why a number is
// what it is. Each asks for itself, when it is seen or chosen, and says so where there is no answer.

import { download, get, save } from './api.js';
import { PROVIDERS, TIERS, UNKNOWN, hours, number, percent, plain, rate, usd } from './format.js';
import { t } from './words.js';

const PAGE = 20;
const LINES = 60;
const byId = (id) => document.getElementById(id);

function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// Characters that turn the text around or are not seen are shown as what they are, so that no name passes for another.
export function visible(name) {
  return String(name).replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, (c) => `\u27e8U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`);
}

const money = (value) => node('td', { class: number(value) < 0 ? 'num below' : 'num' }, usd(value));
const cell = (kind, text) => node('td', kind ? { class: kind } : {}, text);
const name = (id) => PROVIDERS[id] ?? id;

function head(columns, sort, onSort) {
  return node('thead', {}, node('tr', {}, ...columns.map(([label, column, kind]) => {
    const on = Boolean(column) && sort?.replace('-', '') === column;
    const attributes = { scope: 'col', ...(kind ? { class: kind } : {}), ...(on ? { 'aria-sort': sort.startsWith('-') ? 'descending' : 'ascending' } : {}) };
    return node('th', attributes, column && onSort
      ? node('button', { type: 'button', class: 'sort', click: () => onSort(sort === `-${column}` ? column : `-${column}`) }, t(label), on ? (sort.startsWith('-') ? ' ↓' : ' ↑') : '')
      : t(label));
  })));
}

export function pager(holder, { total, offset, limit, next }, go) {
  holder.hidden = total <= limit;
  if (holder.hidden) return holder.replaceChildren();
  const turn = (label, to, able) => {
    const button = node('button', { type: 'button', click: () => go(to) }, t(label));
    button.disabled = !able;
    return button;
  };
  return holder.replaceChildren(
    turn('Back', Math.max(0, offset - limit), offset > 0),
    node('span', { class: 'small' }, t('{from} to {to} of {total}', { from: plain(offset + 1, 0), to: plain(Math.min(total, offset + limit), 0), total: plain(total, 0) })),
    turn('Next', next ?? offset, next !== null),
  );
}

function problem(holder, error, span) {
  holder.replaceChildren(node('tbody', {}, node('tr', {}, node('td', { colspan: span, class: 'unknown' }, t('No answer right now ({reason}).', { reason: error.message })))));
}

// ask: gives {query, token}; what is asked for beside the baseline is each table's own.
export class Tables {
  #ask;
  #breakdown = { by: 'gpu', period: 'all', sort: '-savings', offset: 0 };
  #asked = 0;

  constructor(ask) {
    this.#ask = ask;
    byId('breakdown-tools').addEventListener('change', () => {
      Object.assign(this.#breakdown, { by: byId('breakdown-tools').elements.by.value, period: byId('breakdown-period').value, offset: 0 });
      this.breakdown();
    });
    byId('simulate-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.simulate();
    });
    byId('why-close').addEventListener('click', () => byId('why').close());
  }

  #get(path, extra = {}, options = {}) {
    const { query, token } = this.#ask();
    return get(path, { ...query, ...extra }, token, options);
  }

  async refresh() {
    const asked = ++this.#asked;
    await this.breakdown();
    if (asked === this.#asked) await this.compare();
    if (asked === this.#asked) await this.sure();
  }

  async csv(path, extra, label) {
    const { query, token } = this.#ask();
    await download(path, { ...query, ...extra, format: 'csv' }, token, `${label}.csv`);
  }

  breakdownQuery() {
    const { by, period, sort } = this.#breakdown;
    return { by, period, sort };
  }

  async breakdown() {
    const table = byId('breakdown');
    const { by, offset, sort } = this.#breakdown;
    try {
      const { body } = await this.#get('/savings/breakdown', { ...this.breakdownQuery(), offset, limit: PAGE });
      const again = (change) => { Object.assign(this.#breakdown, change); this.breakdown(); };
      const row = (group) => node('tr', {},
        node('th', { scope: 'row' }, visible(group.name), ...(by === 'instance' ? [' ', node('button', { type: 'button', class: 'why', click: () => this.why('LIFETIME', group.name) }, t('Why'))] : [])),
        cell('num', hours(group.hours)), ...(group.compared_hours === 0 ? [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN].map((text) => cell('num', text))
          : [money(group.dumont_cost), money(group.provider_cost), money(group.savings), cell('num', percent(group.savings_percentage))]));
      table.replaceChildren(
        head([['Name', 'name'], ['Hours', 'hours', 'num'], ['You paid', 'dumont_cost', 'num'], ['There', 'provider_cost', 'num'], ['Savings', 'savings', 'num'], ['Percent', 'savings_percentage', 'num']], sort, (to) => again({ sort: to, offset: 0 })),
        node('tbody', {}, ...body.breakdown.map(row)),
        node('tfoot', {}, node('tr', {}, node('th', { scope: 'row' }, t('All {count}', { count: plain(body.total, 0) })), cell('num', hours(body.totals.hours)),
          money(body.totals.dumont_cost), money(body.totals.provider_cost), money(body.totals.savings), cell('num', percent(body.totals.savings_percentage)))),
      );
      pager(byId('breakdown-pager'), body, (to) => again({ offset: to }));
    } catch (error) {
      problem(table, error, 6);
    }
  }

  async compare() {
    const table = byId('compare');
    const { query, token } = this.#ask();
    const { provider, region, ...rest } = query;
    try {
      const { body } = await get('/compare', rest, token);
      table.replaceChildren(
        head([['Provider'], ['Coverage', null, 'num'], ['You paid', null, 'num'], ['There', null, 'num'], ['Savings', null, 'num'], ['Per hour, now', null, 'num']]),
        node('tbody', {}, ...body.compare.map((row) => node('tr', row.provider === provider ? { class: 'chosen' } : {},
          node('th', { scope: 'row' }, node('button', { type: 'button', class: 'link', click: () => this.onProvider(row.provider) }, name(row.provider)), ...(row.stale ? [' ', node('span', { class: 'badge warn' }, t('Stale prices'))] : [])),
          cell('num', row.coverage === null ? UNKNOWN : percent(row.coverage * 100)), money(row.dumont_cost), money(row.provider_cost), money(row.savings),
          cell(number(row.savings_per_hour) < 0 ? 'num below' : 'num', rate(row.savings_per_hour))))),
      );
      byId('compare-unsold').textContent = body.unsold.length ? t('Nothing like it at: {names}.', { names: body.unsold.map((row) => name(row.provider)).join(', ') }) : '';
      this.onProviders([...body.compare, ...body.unsold].map((row) => row.provider));
    } catch (error) {
      problem(table, error, 6);
    }
  }

  onProvider = () => {};
  onProviders = () => {};

  async sure() {
    const list = byId('sure');
    const fact = (label, value, note) => node('div', {}, node('dt', {}, t(label)), node('dd', { class: 'mid figure' }, value), node('dd', { class: 'note' }, note));
    try {
      const { body } = await this.#get('/range');
      const { trend } = body;
      const month = trend?.monthly;
      list.replaceChildren(
        fact('At least', usd(body.floor.savings), t('with the nearest matches priced at the cheapest GPU with enough memory, however slow')),
        fact('As reported', usd(body.reported.savings), t('all that is compared')),
        fact('Like for like', usd(body.like_for_like.savings), t('only what is compared with the very same machine')),
        fact('Next 30 days', trend ? usd(month.expected) : UNKNOWN, trend
          ? t('by the last {days} complete days; {low} to {high} in 80 of 100 cases', { days: plain(trend.days, 0), low: usd(month.low), high: usd(month.high) }) : t('not enough history: seven complete days are needed')),
        fact('Idle', usd(body.waste.cost), t('{hours} in which instances did nothing: a cost, never savings', { hours: hours(body.waste.idle_hours) })),
        fact('A GPU hour', rate(body.unit_costs.per_gpu_hour), t('what you really paid, over {hours} GPU hours', { hours: plain(body.unit_costs.gpu_hours, 1) })),
      );
    } catch (error) {
      list.replaceChildren(fact('No answer right now', UNKNOWN, error.message));
    }
  }

  async simulate() {
    const note = byId('simulate-note');
    const table = byId('simulate');
    const asked = { gpu: byId('simulate-gpu').value.trim(), count: byId('simulate-count').valueAsNumber, hours: byId('simulate-hours').valueAsNumber };
    const region = byId('simulate-region').value.trim();
    note.textContent = t('Asking…');
    try {
      const { query, token } = this.#ask();
      const { provider, ...rest } = query;
      const { body } = await get('/simulate', { ...rest, ...(region ? { region } : {}) }, token, { post: { workload: [asked] } });
      table.replaceChildren(
        head([['Provider'], ['Priced as'], ['How close'], ['An hour', null, 'num'], ['All of it', null, 'num']]),
        node('tbody', {}, ...body.simulate.map((row) => {
          const [equivalent] = row.equivalents;
          return node('tr', {}, node('th', { scope: 'row' }, name(row.provider)), cell('', `${equivalent.instance_type} ${equivalent.region}`),
            node('td', { title: equivalent.explanation }, t(TIERS[equivalent.tier]?.name ?? equivalent.tier)), cell('num', rate(equivalent.usd_per_hour)), money(row.provider_cost));
        })),
      );
      note.textContent = body.unsold.length ? t('Nothing like it at: {names}.', { names: body.unsold.map((row) => name(row.provider)).join(', ') }) : '';
    } catch (error) {
      table.replaceChildren();
      note.textContent = error.message;
    }
  }

  // ---- why a number is what it is ----

  async why(figure, instance) {
    const dialog = byId('why');
    const lines = byId('why-lines');
    const receipt = byId('why-receipt');
    byId('why-title').textContent = instance ? `${t('Why this number')}: ${visible(instance)}` : t('Why this number');
    byId('why-note').textContent = t('Asking…');
    lines.replaceChildren();
    receipt.hidden = true;
    if (!dialog.open) dialog.showModal();
    try {
      const { body } = await this.#get('/explain', { figure: figure.toLowerCase(), ...(instance ? { instance } : {}) });
      const left = body.lines.length - LINES;
      byId('why-note').textContent = `${t(body.lines.length === 1 ? 'One step, as of {at}.' : '{count} steps, as of {at}.', { count: plain(body.lines.length, 0), at: body.at })}${left > 0 ? ` ${t('The first {count} are shown; the receipt holds all.', { count: plain(LINES, 0) })}` : ''}`;
      lines.replaceChildren(...body.lines.slice(0, LINES).map((line) => this.#step(line)));
      receipt.hidden = false;
      receipt.onclick = () => save(new Blob([JSON.stringify(body.receipt, null, 2)], { type: 'application/json' }), `receipt-${figure.toLowerCase()}.json`);
    } catch (error) {
      byId('why-note').textContent = error.message;
    }
  }

  #step({ price, ...line }) {
    const gpus = `${line.gpu_count} × ${visible(line.gpu_type || t('Unknown GPU'))}`;
    const title = node('h3', {}, visible(line.instance_id), ' ', node('span', { class: 'small' }, gpus));
    if (!price) return node('article', {}, title, node('p', { class: 'note' }, t('Not compared: {why}', { why: line.why_not_compared ?? UNKNOWN })));
    const time = line.to ? `${line.from} – ${line.to}` : t('since {from}', { from: line.from });
    const list = node('dl', { class: 'step' });
    const row = (label, ...value) => list.append(node('dt', {}, t(label)), node('dd', {}, ...value));
    row('Time', time, ...(line.hours === null ? [] : [`, ${hours(line.hours)}`]), ['OBSERVED', 'PUSHED', 'PUSHED_AND_SEEN'].includes(line.evidence) ? '' : ` (${line.evidence.toLowerCase()})`);
    row('You pay', rate(line.dumont_hourly_rate), ' / h', ...(line.dumont_cost === null ? [] : [` = ${usd(line.dumont_cost)}`]));
    row('Priced as', `${price.provider} ${price.instance_type}, ${price.region}, ${price.gpu_count} × ${price.gpu_model}, `, node('span', { class: 'badge' }, t(TIERS[line.tier]?.name ?? line.tier)));
    row('There', `${rate(price.usd_per_hour)} / h × ${price.share} = ${rate(line.provider_hourly_rate)} / h`, ...(line.provider_cost === null ? [] : [` = ${usd(line.provider_cost)}`]));
    row('Source', `${price.source}, ${price.read_on ? t('read on {day}', { day: price.read_on }) : t('the day is not known')}, ${t('in effect since {day}', { day: price.effective_from.slice(0, 10) })}`);
    if (price.changed_between) row('Uncertain', t('It changed between {between}, nobody saw when: the lower price counts.', { between: price.changed_between.replace('/', ' – ') }));
    return node('article', {}, title, list);
  }
}
