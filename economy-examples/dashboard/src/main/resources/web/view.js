// From answers to the page. Everything is written as text; nothing from an answer is ever parsed as markup.

import { UNKNOWN, PROVIDERS, TIERS, SIZINGS, LISTED, OWN_TERMS, TRUST, number, usd, rate, signedRate, decimalsOf, plain, hours, percent, count, clockTime, day, today } from './format.js';
import { comparedHours, describe, draw } from './chart.js';

const FIRST_ROWS = 12;
const byId = (id) => document.getElementById(id);

function text(id, value) {
  const node = byId(id);
  if (node.textContent !== value) node.textContent = value;
  return node;
}

// A figure: its text; a calm colour of its own when it is below zero, none when it is unknown.
function figure(id, value, write) {
  const { classList } = text(id, write(value));
  classList.toggle('below', (number(value) ?? 0) < 0);
  classList.toggle('none', number(value) === null);
}

function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function each(selector, act) {
  document.querySelectorAll(selector).forEach(act);
}

// ---- what an answer says about what is known ----

const upper = (value) => String(value ?? '').toUpperCase();
const billable = (row) => ['RUNNING', 'IDLE'].includes(upper(row.status));
const hasEquivalent = (row) => Boolean(row.equivalent) && upper(row.equivalent.tier) in TIERS && number(row.provider_hourly_rate) !== null;
const hasRate = (row) => number(row.dumont_hourly_rate) !== null;
const compared = (row) => hasEquivalent(row) && hasRate(row);

export function isEmpty({ savings }) {
  return !savings.active_instances_count && !savings.lifetime_hours && !savings.coverage?.total_hours;
}

// What can be said at all: a sum over nothing comparable is unknown, not zero.
export function knowledge({ savings, realtime }) {
  const rows = (realtime.active_instances ?? []).filter(billable);
  const running = number(savings.active_instances_count) ?? rows.length;
  const comparable = rows.filter(compared).length;
  const total = number(savings.coverage?.total_hours);
  const priced = number(savings.coverage?.priced_hours);
  return {
    rows: rows.length,
    running,
    comparable,
    leftOut: rows.length - comparable,
    unseen: lags(savings),
    nothingComparableNow: rows.length > 0 && comparable === 0,
    nothingComparedEver: total > 0 && priced === 0,
    coverage: total > 0 && priced !== null ? priced / total : null,
  };
}

let terms = LISTED;

function nameTerms({ savings }) {
  terms = savings.prices?.own_terms === true ? OWN_TERMS : LISTED;
  for (const [kind, words] of [['prices', terms.many], ['price', terms.one], ['short', terms.short]]) {
    each(`.${kind}-word`, (span) => { span.textContent = words; });
  }
}

// What a reader should know of a price before trusting it.
function doubts({ trust, uncertain, negotiated_percent: off, sustained_use_percent: month }) {
  return [
    ...(number(off) === null ? [] : [`${plain(off, 4)}% negotiated off`]),
    ...(upper(trust) in TRUST ? [TRUST[upper(trust)]] : []),
    ...(number(month) === null ? [] : [`less up to ${plain(month)}% over a full month, not taken off here`]),
    ...(uncertain ? [`price changed on an unknown day between ${day(uncertain.from)} and ${day(uncertain.until)}; for that time the lower one counts`] : []),
  ];
}

// ---- phases of the page ----

export function providerName(provider) {
  return PROVIDERS[provider] ?? provider;
}

export function selectProvider(provider) {
  each('input[name=provider]', (input) => { input.checked = input.value === provider; });
  each('.provider-name', (span) => { span.textContent = providerName(provider); });
}

export function setMode(widget) {
  document.documentElement.dataset.mode = widget ? 'widget' : 'page';
  if (widget) byId('widget-toggle').append(byId('toggle'));
}

export function setPhase(phase) {
  document.documentElement.dataset.phase = phase;
  byId('content').setAttribute('aria-busy', String(phase === 'loading'));
}

export function setDemo(demo) {
  byId('demo').hidden = !demo;
  document.title = demo ? 'Demo fleet · GPU savings' : 'GPU savings';
}

export function announce(message) {
  text('announce', message);
}

// Until when what runs is vouched for, where that is not now: the source of the fleet has not shown it since.
const LAG = 2 * 60_000;

function lags({ observed_until: until, calculated_at: at }) {
  return Date.parse(at) - Date.parse(until) > LAG;
}

export function observed({ savings }) {
  const lagging = lags(savings);
  byId('observed').hidden = !lagging;
  if (!lagging) return;
  text('observed-what', `Observed until ${clockTime(Date.parse(savings.observed_until))}.`);
  const provisional = number(savings.provisional_seconds) ?? 0;
  text('observed-note', `What has run since is not known, and counts once it is seen again.${provisional > 0
    ? ` ${count(provisional, 'second')} after the last sight ${provisional === 1 ? 'counts' : 'count'} provisionally.` : ''}`);
}

export function freshness(message) {
  text('freshness', message);
}

// Empties every figure: what is empty is drawn as a skeleton, so a number never stands under the wrong provider's name.
export function clear() {
  each('.figure, .note[id]', (part) => { part.textContent = ''; part.classList.remove('below', 'none'); });
  each('.fill', (bar) => { bar.style.width = '0'; });
  each('.stale-prices', (badge) => { badge.hidden = true; });
  for (const id of ['lifetime-basis', 'instance-rows', 'instance-totals', 'history-rows', 'chart']) byId(id).replaceChildren();
  byId('observed').hidden = true;
  for (const id of ['session-state', 'instances-summary', 'history-asof', 'history-readout']) text(id, '');
  byId('history-details').hidden = true;
  byId('chart').classList.remove('bare');
  byId('instances').hidden = false;
  byId('instances-none').hidden = true;
  byId('instances-more').hidden = true;
  delete byId('session-state').dataset.state;
}

export function panel({ title, paragraphs = [], askToken = false } = {}) {
  const shown = title !== undefined;
  byId('panel').hidden = !shown;
  byId('content').hidden = shown;
  if (document.documentElement.dataset.mode === 'widget') byId(shown ? 'panel-toggle' : 'widget-toggle').append(byId('toggle'));
  if (!shown) return;
  text('panel-title', title);
  const wanted = paragraphs.join('\n');
  if (byId('panel-text').dataset.text !== wanted) {
    byId('panel-text').dataset.text = wanted;
    byId('panel-text').replaceChildren(...paragraphs.map((p) => node('p', {}, p)));
  }
  byId('token-form').hidden = !askToken;
}

export function banner(what, retryIn) {
  byId('stale-banner').hidden = what === null;
  if (what === null) return;
  text('stale-what', what);
  text('stale-retry', retryIn > 0 ? `Retrying in ${retryIn} s.` : 'Retrying…');
}

// ---- the figures ----

// The two figures that move between polls. bring: a value of the answer's moment, brought to the present.
export function moving(data, bring) {
  if (!data) return;
  const { savings } = data;
  const know = knowledge(data);
  const at = (value) => (number(value) === null ? null : bring(value));
  figure('lifetime', know.nothingComparedEver ? null : at(savings.lifetime_savings), usd);
  figure('session', know.nothingComparableNow ? null : at(savings.current_session_savings), (v) => usd(v, 4));
}

export function sessionState(state) {
  const words = { live: 'live', paused: 'paused, nothing is running', unseen: 'stopped, not seen lately', unknown: 'nothing to compare', stale: 'stopped, data is stale', waiting: 'updating' };
  text('session-state', words[state]).dataset.state = state;
}

function tierParts(tiers) {
  return Object.keys(TIERS).map((key) => [key, number(tiers?.[key])]).filter(([, value]) => value !== null && value !== 0);
}

function coverageWords(savings, know) {
  if (know.coverage === null) return 'No billed hours yet';
  if (know.coverage === 1) return 'All billed hours are compared';
  const unpriced = number(savings.coverage.unpriced_instances);
  const left = unpriced ? `; ${count(unpriced, 'instance')} left out` : '';
  return `Covers ${percent(know.coverage * 100)} of billed hours${left}`;
}

function projectionWords({ projections }, know, provider) {
  if (projections?.basis === 'run_rate') {
    if (know.nothingComparableNow) return `no running instance can be compared with ${provider}`;
    return know.running === 0 ? nothingRuns(know) : 'if these ran without a break, 730 h';
  }
  if (projections?.basis === 'trend') {
    const { low, high } = projections;
    const interval = number(low) !== null && number(high) !== null ? `; 80% interval ${usd(low)} to ${usd(high)}` : '';
    return `trend of your recent days${interval}`;
  }
  if (know.nothingComparableNow) return `no running instance can be compared with ${provider}`;
  return know.running === 0 ? nothingRuns(know) : 'not enough history';
}

function nothingRuns(know) {
  return know.unseen ? 'nothing is known to run now' : 'nothing is running now';
}

function renderWidget(data, know, provider) {
  const { savings } = data;
  text('lifetime-note', coverageWords(savings, know));
  byId('lifetime-basis').replaceChildren(...tierParts(savings.tiers).map(([key, value]) =>
    node('li', { title: TIERS[key].means }, `${TIERS[key].name} `, node('span', { class: value < 0 ? 'value below' : 'value' }, usd(value)))));

  const perHour = savings.hourly_comparison?.savings_per_hour;
  let note = 'since each instance last started';
  if (know.running === 0) note = 'no open session';
  else if (know.nothingComparableNow) note = `no running instance can be compared with ${provider}`;
  else {
    if (number(perHour) !== null) note = `${signedRate(perHour)} per hour, ${note}`;
    if (know.leftOut > 0) note += `; ${plain(know.comparable, 0)} of ${plain(know.rows, 0)} instances compared`;
  }
  text('session-note', note);

  const words = projectionWords(savings, know, provider);
  const projected = ['run_rate', 'trend'].includes(savings.projections?.basis) && !(savings.projections.basis === 'run_rate' && know.nothingComparableNow);
  for (const span of ['daily', 'weekly', 'monthly', 'yearly']) {
    figure(`project-${span}`, projected ? savings.projections[span] : null, usd);
  }
  figure('monthly', projected ? savings.projections.monthly : null, usd);
  text('monthly-note', words);
  text('project-note', !projected ? words[0].toUpperCase() + words.slice(1) + '.'
    : savings.projections.basis === 'trend' ? `From the trend of your recent days.${words.includes(';') ? ` For the month, ${words.split('; ')[1]}.` : ''}`
      : know.running === 0 ? `At the present rate: ${nothingRuns(know)}.`
        : 'The present rate for 24, 168, 730 and 8,760 hours: if these ran without a break. Not a forecast.');

  figure('percentage', know.nothingComparedEver ? null : savings.savings_percentage, percent);
  text('percentage-note', number(savings.savings_percentage) === null || know.nothingComparedEver ? 'nothing compared yet' : `of the ${provider} ${terms.one}, lifetime`);
}

function renderHourly({ savings }, know, provider) {
  const unknown = know.nothingComparableNow || know.running === 0;
  const { dumont_rate: own, provider_rate: list, savings_per_hour: difference } = savings.hourly_comparison ?? {};
  const show = (value) => (unknown ? null : number(value));
  const decimals = decimalsOf([own, list, difference]);
  figure('rate-own', show(own), (v) => rate(v, decimals));
  figure('rate-provider', show(list), (v) => rate(v, decimals));
  figure('rate-difference', show(difference), (v) => signedRate(v, decimals));
  text('rate-difference-label', show(difference) < 0 ? 'Difference: you pay more' : 'Difference');
  const most = Math.max(show(own) ?? 0, show(list) ?? 0);
  byId('bar-own').style.width = most > 0 ? `${(100 * (show(own) ?? 0)) / most}%` : '0';
  byId('bar-provider').style.width = most > 0 ? `${(100 * (show(list) ?? 0)) / most}%` : '0';
  byId('bar-own').classList.toggle('worse', show(difference) < 0);
  text('hourly-note', know.running === 0 ? (know.unseen ? 'Nothing is known to run right now.' : 'Nothing is running right now.')
    : know.nothingComparableNow ? `None of the running instances can be compared with ${provider}.`
      : know.leftOut > 0 ? `${plain(know.leftOut, 0)} of ${count(know.rows, 'running instance')} ${know.leftOut === 1 ? 'is' : 'are'} left out on both sides: no equivalent, or the rate is unknown.`
        : know.rows === 1 ? 'The one running instance is compared.' : `All ${plain(know.rows, 0)} running instances are compared.`);
}

function badge(entry, raw) {
  return entry ? node('span', { class: 'badge', title: entry.means }, entry.name) : node('span', { class: 'badge' }, String(raw));
}

function instanceRow(row, decimals) {
  const cell = (label, kind, ...children) => node('td', { role: 'cell', 'data-label': label, class: kind }, ...children);
  const sub = (value) => node('span', { class: 'sub' }, value);
  const unknown = (value) => node('span', { class: 'unknown' }, value);
  const status = upper(row.status);
  const gpus = number(row.gpu_count);

  const gpu = cell('GPU', 'gpu', node('span', { class: 'strong' }, row.gpu_type || 'Unknown GPU', gpus === null ? '' : ` × ${plain(gpus, 4)}`), sub(row.instance_id ?? ''));
  const state = cell('Status', '', node('span', { class: 'status', 'data-status': status }, status ? status[0] + status.slice(1).toLowerCase() : 'Unknown'));
  const own = cell('You pay / h', 'num', hasRate(row) ? rate(row.dumont_hourly_rate, decimals.own) : unknown('rate unknown'));
  const list = cell(`${terms.one[0].toUpperCase()}${terms.one.slice(1)} / h`, 'num', hasEquivalent(row) ? rate(row.provider_hourly_rate, decimals.list) : unknown(hasRate(row) ? 'no equivalent' : UNKNOWN));
  const { equivalent } = row;
  const sizing = upper(equivalent?.sizing);
  const priced = hasEquivalent(row)
    ? cell('Priced as', 'priced',
      node('span', { class: 'type', title: equivalent.explanation ?? '' }, equivalent.instance_type ?? UNKNOWN, node('span', { class: 'region' }, ` ${equivalent.region ?? UNKNOWN}`)),
      node('span', { class: 'badges' }, badge(TIERS[upper(equivalent.tier)], equivalent.tier), ...(sizing ? [badge(SIZINGS[sizing], equivalent.sizing)] : [])),
      ...doubts(equivalent).map((doubt) => sub(doubt)))
    : cell('Priced as', 'priced', node('span', { class: 'unknown', title: row.left_out_because ?? '' }, 'not compared'));
  const saved = cell('Savings so far', 'num', ...(compared(row)
    ? [node('span', { class: number(row.savings_so_far) < 0 ? 'strong below' : 'strong' }, usd(row.savings_so_far)),
      ...(number(row.savings_per_hour) === null ? [] : [sub(`${signedRate(row.savings_per_hour, decimals.saved)} / h`)])]
    : [unknown(UNKNOWN)]));
  return node('tr', { role: 'row', ...(compared(row) ? {} : { class: 'left-out' }) }, gpu, state, cell('Running', 'num', hours(row.running_hours)), own, list, priced, saved);
}

let allRows = false;

function renderInstances(data, know) {
  const rows = data.realtime.active_instances ?? [];
  const totals = data.realtime.totals ?? {};
  const at = clockTime(Date.parse(data.realtime.timestamp));
  byId('instances').hidden = rows.length === 0;
  byId('instances-none').hidden = rows.length > 0;
  text('instances-none-what', know.unseen ? 'Nothing is known to run right now.' : 'Nothing is running right now.');
  text('instances-summary', rows.length === 0 ? '' : `${know.leftOut > 0 ? `${plain(know.comparable, 0)} of ${plain(know.rows, 0)} compared · ` : ''}as of ${at}`);

  const decimals = { own: decimalsOf(rows.map((r) => r.dumont_hourly_rate)), list: decimalsOf(rows.map((r) => r.provider_hourly_rate)), saved: decimalsOf(rows.map((r) => r.savings_per_hour)) };
  const shown = allRows ? rows : rows.slice(0, FIRST_ROWS);
  byId('instance-rows').replaceChildren(...shown.map((row) => instanceRow(row, decimals)));

  const more = byId('instances-more');
  more.hidden = rows.length <= FIRST_ROWS;
  more.textContent = allRows ? `Show the first ${FIRST_ROWS}` : `Show all ${plain(rows.length, 0)} instances`;
  more.setAttribute('aria-expanded', String(allRows));
  more.onclick = () => { allRows = !allRows; renderInstances(data, know); };

  byId('instance-totals').replaceChildren(...(rows.length < 2 ? [] : [node('tr', { role: 'row' },
    node('th', { role: 'rowheader', scope: 'row', colspan: 2 }, `All ${plain(rows.length, 0)} instances`),
    node('td', { role: 'cell', class: 'num', 'data-label': 'Running' }, hours(totals.total_running_hours)),
    node('td', { role: 'cell', class: 'gap', colspan: 3 }),
    node('td', { role: 'cell', class: 'num', 'data-label': 'Savings so far' },
      node('span', { class: number(totals.total_savings) < 0 ? 'strong below' : 'strong' }, know.nothingComparableNow ? UNKNOWN : usd(totals.total_savings)),
      ...(know.leftOut > 0 && !know.nothingComparableNow ? [node('span', { class: 'sub' }, `${plain(know.comparable, 0)} of ${plain(know.rows, 0)} compared`)] : [])))]));
}

function renderBasis({ savings }, know, provider) {
  const unpriced = number(savings.coverage?.unpriced_instances);
  figure('coverage', know.coverage === null ? null : know.coverage * 100, percent);
  byId('bar-coverage').style.width = know.coverage === null ? '0' : `${100 * know.coverage}%`;
  text('coverage-note', know.coverage === null ? 'No billed hours yet.'
    : `${hours(savings.coverage.priced_hours)} of ${hours(savings.coverage.total_hours)}.${know.coverage < 1
      ? ` The rest${unpriced ? `, from ${count(unpriced, 'instance')},` : ''} has no equivalent at ${provider} or no known rate, and is in no total.` : ''}`);
  for (const key of Object.keys(TIERS)) figure(`tier-${key}`, know.nothingComparedEver ? null : savings.tiers?.[key], usd);

  const { hours: pausedHours, cost_avoided: avoided } = savings.hibernation ?? {};
  figure('avoided', avoided, usd);
  text('avoided-note', number(pausedHours) === null ? 'Not known.' : pausedHours === 0 ? 'No paused hours so far.' : `Over ${hours(pausedHours)} hibernated or stopped.`);

  const { as_of: asOf, stale } = savings.prices ?? {};
  text('prices-asof', asOf ? day(asOf) : UNKNOWN);
  text('prices-note', stale === true && asOf
    ? `These prices are past their age limit. The figures rest on the last good ${provider} prices and may differ from today’s.`
    : asOf ? `The ${provider} prices behind these figures are as of this day.` : 'The date of the prices is not known.');
  each('.stale-prices', (badgeNode) => { badgeNode.hidden = stale !== true; badgeNode.title = asOf ? `Prices as of ${day(asOf)}` : ''; });
}

export function render(data, provider) {
  const name = providerName(provider);
  const know = knowledge(data);
  nameTerms(data);
  renderWidget(data, know, name);
  renderHourly(data, know, name);
  renderInstances(data, know);
  renderBasis(data, know, name);
}

// ---- history ----

let drawn = null;

// history: {body, at} or null; problem: what went wrong when it was last asked for, or null.
export function renderHistory(history, problem, data) {
  if (!history) {
    drawn = null;
    byId('chart').replaceChildren();
    byId('history-rows').replaceChildren();
    if (problem) figure('history-total', null, usd);
    else text('history-total', '');
    text('history-note', problem ? `The history cannot be read right now (${problem}). Trying again soon.` : '');
    text('history-asof', '');
    text('history-readout', '');
    byId('chart').classList.toggle('bare', Boolean(problem));
    byId('history-details').hidden = true;
    return;
  }
  const { history: rows = [], totals = {}, timezone } = history.body;
  const partialDate = today(history.at, timezone);
  const used = rows.some((row) => comparedHours(row) > 0);
  const know = data ? knowledge(data) : null;

  figure('history-total', used || number(totals.total_savings) ? totals.total_savings : null, usd);
  text('history-note', used
    ? `You paid ${usd(totals.total_dumont_cost)}, the ${terms.one} is ${usd(totals.total_provider_cost)}, over ${hours(totals.total_compared_hours ?? totals.total_hours)}.${know && know.coverage !== null && know.coverage < 1
      ? ` Compared usage only; lifetime coverage is ${percent(know.coverage * 100)}.` : ''}`
    : 'No compared usage in these days.');
  text('history-asof', `${problem ? 'not refreshed since' : 'as of'} ${clockTime(history.at)}${timezone ? ` · days in ${timezone}` : ''}`);
  byId('history-details').hidden = false;
  byId('history-rows').replaceChildren(...rows.map((row) => node('tr', {},
    node('th', { scope: 'row' }, day(row.date, { day: 'numeric', month: 'short' }) + (row.date === partialDate ? ' so far' : '')),
    ...[plain(row.hours_used, 1), ...moneyOf(row).map((value) => usd(value)), usd(row.cumulative_savings)]
      .map((value) => node('td', { class: value.startsWith('\u2212') ? 'num below' : 'num' }, value)))));
  byId('chart').classList.toggle('bare', !used);
  drawn = { rows: used ? rows : [], partialDate };
  drawChart();
}

// A day of which nothing is compared: what it cost and saved is unknown, not zero.
function moneyOf(row) {
  return row.hours_used > 0 && comparedHours(row) === 0 ? [null, null, null] : [row.dumont_cost, row.provider_cost, row.savings];
}

function readout(row, partial) {
  text('history-readout', row ? describe(row, partial) : `One bar a day; below the line, you paid more than the ${terms.one}`);
}

function drawChart() {
  if (!drawn) return;
  draw(byId('chart'), drawn.rows, drawn.partialDate, readout);
  if (drawn.rows.length) readout(null);
  else text('history-readout', '');
}

let chartWidth = 0;
new ResizeObserver(([entry]) => {
  const width = Math.floor(entry.contentRect.width);
  if (width !== chartWidth) {
    chartWidth = width;
    drawChart();
  }
}).observe(byId('chart'));
