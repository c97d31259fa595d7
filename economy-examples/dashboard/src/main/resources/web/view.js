// From answers to the page. Everything is written as text; nothing from an answer is ever parsed as markup.

import { UNKNOWN, PROVIDERS, TIERS, SIZINGS, LISTED, OWN_TERMS, TRUST, number, usd, rate, signedRate, decimalsOf, plain, hours, percent, count, clockTime, day } from './format.js';
import { comparedHours, describe, draw, when } from './chart.js';
import { pager, visible } from './tables.js';
import { t } from './words.js';

const TABLE_ROWS = 100;
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
const hasEquivalent = (row) => Boolean(row.equivalent) && upper(row.equivalent.tier) in TIERS && number(row.provider_hourly_rate) !== null;
const hasRate = (row) => number(row.dumont_hourly_rate) !== null;
const compared = (row) => hasEquivalent(row) && hasRate(row);

export function isEmpty({ savings }) {
  return !savings.active_instances_count && !savings.lifetime_hours && !savings.coverage?.total_hours;
}

// What can be said at all: a sum over nothing comparable is unknown, not zero.
export function knowledge({ savings }) {
  const running = number(savings.active_instances_count) ?? 0;
  const comparable = number(savings.compared_instances_count) ?? 0;
  const total = number(savings.coverage?.total_hours);
  const priced = number(savings.coverage?.priced_hours);
  return {
    rows: running,
    running,
    comparable,
    leftOut: running - comparable,
    unseen: lags(savings),
    nothingComparableNow: running > 0 && comparable === 0,
    nothingComparedEver: total > 0 && priced === 0,
    coverage: total > 0 && priced !== null ? priced / total : null,
  };
}

let terms = LISTED;

function nameTerms({ savings }) {
  terms = savings.prices?.own_terms === true ? OWN_TERMS : LISTED;
  for (const [kind, words] of [['prices', terms.many], ['price', terms.one], ['short', terms.short]]) {
    each(`.${kind}-word`, (span) => { span.textContent = t(words); });
  }
}

// What a reader should know of a price before trusting it.
function doubts({ trust, uncertain, negotiated_percent: off, sustained_use_percent: month }) {
  return [
    ...(number(off) === null ? [] : [t('{percent}% negotiated off', { percent: plain(off, 4) })]),
    ...(upper(trust) in TRUST ? [t(TRUST[upper(trust)])] : []),
    ...(number(month) === null ? [] : [t('less up to {percent}% over a full month, not taken off here', { percent: plain(month) })]),
    ...(uncertain ? [t('price changed on an unknown day between {from} and {until}; for that time the lower one counts', { from: day(uncertain.from), until: day(uncertain.until) })] : []),
  ];
}

// ---- phases of the page ----

export function providerName(provider) {
  return PROVIDERS[provider] ?? provider;
}

export function selectProvider(provider) {
  each('input[name=provider]', (input) => { input.checked = input.value === provider; });
  byId('other-provider').value = provider in PROVIDERS ? '' : provider;
  each('.provider-name', (span) => { span.textContent = providerName(provider); });
}

export function setPhase(phase) {
  document.documentElement.dataset.phase = phase;
  byId('content').setAttribute('aria-busy', String(phase === 'loading'));
}

export function setDemo(demo) {
  byId('demo').hidden = !demo;
  document.title = demo ? t('Demo fleet · GPU savings') : t('GPU savings');
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
  text('observed-what', t('Observed until {time}.', { time: clockTime(Date.parse(savings.observed_until)) }));
  const provisional = number(savings.provisional_seconds) ?? 0;
  text('observed-note', t('What has run since is not known, and counts once it is seen again.') + (provisional > 0
    ? ` ${t('{seconds} after the last sight count provisionally.', { seconds: count(provisional, 'second') })}` : ''));
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
  byId('instances-pager').hidden = true;
  text('lifetime-coverage', '');
  for (const id of ['breakdown', 'compare', 'sure']) byId(id).replaceChildren();
  delete byId('session-state').dataset.state;
}

export function panel({ title, paragraphs = [], askToken = false } = {}) {
  const shown = title !== undefined;
  byId('panel').hidden = !shown;
  byId('content').hidden = shown;
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
  text('stale-retry', retryIn > 0 ? t('Retrying in {seconds} s.', { seconds: retryIn }) : t('Retrying…'));
}

// ---- the figures ----

// A figure that moves is as wide as its characters, so that a new digit lays out nothing around it.
function ticking(id, value, write) {
  figure(id, value, write);
  const { style, textContent } = byId(id);
  const width = `${textContent.length + 0.5}ch`;
  if (style.width !== width) style.width = width;
}

// The two figures that move between polls. bring: a value of the answer's moment, brought to the present.
export function moving(data, bring) {
  if (!data) return;
  const { savings } = data;
  const know = knowledge(data);
  const at = (value) => (number(value) === null ? null : bring(value));
  ticking('lifetime', know.nothingComparedEver ? null : at(savings.lifetime_savings), usd);
  ticking('session', know.nothingComparableNow ? null : at(savings.current_session_savings), (v) => usd(v, 4));
}

export function sessionState(state) {
  const words = { halted: 'paused by you', live: 'live', paused: 'paused, nothing is running', unseen: 'stopped, not seen lately', unknown: 'nothing to compare', stale: 'stopped, data is stale', waiting: 'updating' };
  text('session-state', t(words[state])).dataset.state = state;
}

function tierParts(tiers) {
  return Object.keys(TIERS).map((key) => [key, number(tiers?.[key])]).filter(([, value]) => value !== null && value !== 0);
}

function coverageWords(savings, know) {
  if (know.coverage === null) return t('No billed hours yet');
  if (know.coverage === 1) return t('All billed hours are compared');
  const unpriced = number(savings.coverage.unpriced_instances);
  const left = unpriced ? `; ${t('{instances} left out', { instances: count(unpriced, 'instance') })}` : '';
  return t('Covers {share} of billed hours', { share: percent(know.coverage * 100) }) + left;
}

function projectionWords({ projections }, know, provider) {
  if (know.nothingComparableNow) return t('no running instance can be compared with {provider}', { provider });
  if (know.running === 0) return nothingRuns(know);
  return projections?.basis === 'run_rate' ? t('if these ran without a break, 730 h') : t('not enough history');
}

function nothingRuns(know) {
  return t(know.unseen ? 'nothing is known to run now' : 'nothing is running now');
}

function renderWidget(data, know, provider) {
  const { savings } = data;
  const words = coverageWords(savings, know);
  text('lifetime-coverage', words);
  byId('lifetime-coverage').classList.toggle('warn', know.coverage !== null && know.coverage < 1);
  text('lifetime-note', savings.lifetime_savings < 0 ? t('You paid more than {provider} would have charged.', { provider }) : '');
  byId('lifetime-basis').replaceChildren(...tierParts(savings.tiers).map(([key, value]) =>
    node('li', { title: t(TIERS[key].means) }, `${t(TIERS[key].name)} `, node('span', { class: value < 0 ? 'value below' : 'value' }, usd(value)))));

  const perHour = savings.hourly_comparison?.savings_per_hour;
  let note = t('since each instance last started');
  if (know.running === 0) note = t('no open session');
  else if (know.nothingComparableNow) note = t('no running instance can be compared with {provider}', { provider });
  else {
    if (number(perHour) !== null) note = t('{rate} per hour, since each instance last started', { rate: signedRate(perHour) });
    if (know.leftOut > 0) note += `; ${t('{some} of {all} instances compared', { some: plain(know.comparable, 0), all: plain(know.rows, 0) })}`;
  }
  text('session-note', note);

  const projection = projectionWords(savings, know, provider);
  const projected = savings.projections?.basis === 'run_rate' && !know.nothingComparableNow;
  for (const span of ['daily', 'weekly', 'monthly', 'yearly']) {
    figure(`project-${span}`, projected ? savings.projections[span] : null, usd);
  }
  figure('monthly', projected ? savings.projections.monthly : null, usd);
  text('monthly-note', projection);
  text('project-note', projected && know.running > 0
    ? t('The present rate for 24, 168, 730 and 8,760 hours: if these ran without a break. Not a forecast.') : `${projection[0].toUpperCase()}${projection.slice(1)}.`);

  figure('percentage', know.nothingComparedEver ? null : savings.savings_percentage, percent);
  text('percentage-note', number(savings.savings_percentage) === null || know.nothingComparedEver ? t('nothing compared yet') : t('of the {provider} {price}, lifetime', { provider, price: t(terms.one) }));
}

function renderHourly({ savings }, know, provider) {
  const unknown = know.nothingComparableNow || know.running === 0;
  const { dumont_rate: own, provider_rate: list, savings_per_hour: difference } = savings.hourly_comparison ?? {};
  const show = (value) => (unknown ? null : number(value));
  const decimals = decimalsOf([own, list, difference]);
  figure('rate-own', show(own), (v) => rate(v, decimals));
  figure('rate-provider', show(list), (v) => rate(v, decimals));
  figure('rate-difference', show(difference), (v) => signedRate(v, decimals));
  text('rate-difference-label', t(show(difference) < 0 ? 'Difference: you pay more' : 'Difference'));
  const most = Math.max(show(own) ?? 0, show(list) ?? 0);
  byId('bar-own').style.width = most > 0 ? `${(100 * (show(own) ?? 0)) / most}%` : '0';
  byId('bar-provider').style.width = most > 0 ? `${(100 * (show(list) ?? 0)) / most}%` : '0';
  byId('bar-own').classList.toggle('worse', show(difference) < 0);
  text('hourly-note', know.running === 0 ? t(know.unseen ? 'Nothing is known to run right now.' : 'Nothing is running right now.')
    : know.nothingComparableNow ? t('None of the running instances can be compared with {provider}.', { provider })
      : know.leftOut > 0 ? t('{some} of {instances} left out on both sides: no equivalent, or the rate is unknown.', { some: plain(know.leftOut, 0), instances: count(know.rows, 'running instance') })
        : know.rows === 1 ? t('The one running instance is compared.') : t('All {count} running instances are compared.', { count: plain(know.rows, 0) }));
}

function badge(entry, raw) {
  return entry ? node('span', { class: 'badge', title: t(entry.means) }, t(entry.name)) : node('span', { class: 'badge' }, String(raw));
}

function instanceRow(row, decimals) {
  const cell = (label, kind, ...children) => node('td', { role: 'cell', 'data-label': t(label), class: kind }, ...children);
  const sub = (value) => node('span', { class: 'sub' }, value);
  const unknown = (value) => node('span', { class: 'unknown' }, value);
  const status = upper(row.status);
  const gpus = number(row.gpu_count);

  const gpu = cell('GPU', 'gpu', node('span', { class: 'strong' }, visible(row.gpu_type || t('Unknown GPU')), gpus === null ? '' : ` × ${plain(gpus, 4)}`), sub(visible(row.instance_id ?? '')));
  const state = cell('Status', '', node('span', { class: 'status', 'data-status': status }, t(status ? status[0] + status.slice(1).toLowerCase() : 'Unknown')));
  const own = cell('You pay / h', 'num', hasRate(row) ? rate(row.dumont_hourly_rate, decimals.own) : unknown(t('rate unknown')));
  const list = cell('There / h', 'num', hasEquivalent(row) ? rate(row.provider_hourly_rate, decimals.list) : unknown(hasRate(row) ? t('no equivalent') : UNKNOWN));
  const { equivalent } = row;
  const sizing = upper(equivalent?.sizing);
  const priced = hasEquivalent(row)
    ? cell('Priced as', 'priced',
      node('span', { class: 'type', title: equivalent.explanation ?? '' }, equivalent.instance_type ?? UNKNOWN, node('span', { class: 'region' }, ` ${equivalent.region ?? UNKNOWN}`)),
      node('span', { class: 'badges' }, badge(TIERS[upper(equivalent.tier)], equivalent.tier), ...(sizing ? [badge(SIZINGS[sizing], equivalent.sizing)] : [])),
      ...doubts(equivalent).map((doubt) => sub(doubt)))
    : cell('Priced as', 'priced', node('span', { class: 'unknown', title: row.left_out_because ?? '' }, t('not compared')), sub(row.left_out_because ?? ''));
  const saved = cell('Savings so far', 'num', ...(compared(row)
    ? [node('span', { class: number(row.savings_so_far) < 0 ? 'strong below' : 'strong' }, usd(row.savings_so_far)),
      ...(number(row.savings_per_hour) === null ? [] : [sub(`${signedRate(row.savings_per_hour, decimals.saved)} / h`)])]
    : [unknown(UNKNOWN)]),
    node('span', { class: 'sub' }, node('button', { type: 'button', class: 'why', 'data-why': 'LIFETIME', 'data-instance': row.instance_id, 'aria-label': `${t('Why this number')}: ${visible(row.instance_id)}` }, t('Why'))));
  return node('tr', { role: 'row', ...(compared(row) ? {} : { class: 'left-out' }) }, gpu, state, cell('Running', 'num', hours(row.running_hours)), own, list, priced, saved);
}

// One page of them, however many there are.
function renderInstances(data, know, turn) {
  const { active_instances: rows = [], totals = {}, total = 0 } = data.realtime;
  const at = clockTime(Date.parse(data.realtime.timestamp));
  const some = totals.instances_count !== know.running;
  byId('instances').hidden = rows.length === 0;
  byId('instances-none').hidden = rows.length > 0;
  byId('instance-tools').hidden = know.running === 0;
  text('instances-none-what', know.running > 0 ? t('No running instance is like that.') : t(know.unseen ? 'Nothing is known to run right now.' : 'Nothing is running right now.'));
  text('instances-summary', rows.length === 0 ? '' : `${know.leftOut > 0 ? `${t('{some} of {all} compared', { some: plain(know.comparable, 0), all: plain(know.rows, 0) })} · ` : ''}${t('as of {time}', { time: at })}`);

  const decimals = { own: decimalsOf(rows.map((r) => r.dumont_hourly_rate)), list: decimalsOf(rows.map((r) => r.provider_hourly_rate)), saved: decimalsOf(rows.map((r) => r.savings_per_hour)) };
  byId('instance-rows').replaceChildren(...rows.map((row) => instanceRow(row, decimals)));
  pager(byId('instances-pager'), data.realtime, turn);

  byId('instance-totals').replaceChildren(...(total < 2 ? [] : [node('tr', { role: 'row' },
    node('th', { role: 'rowheader', scope: 'row', colspan: 2 }, t(some ? 'These {count} instances' : 'All {count} instances', { count: plain(total, 0) })),
    node('td', { role: 'cell', class: 'num', 'data-label': t('Running') }, hours(totals.total_running_hours)),
    node('td', { role: 'cell', class: 'gap', colspan: 3 }),
    node('td', { role: 'cell', class: 'num', 'data-label': t('Savings so far') },
      node('span', { class: number(totals.total_savings) < 0 ? 'strong below' : 'strong' }, totals.compared_count === 0 ? UNKNOWN : usd(totals.total_savings)),
      ...(totals.compared_count < totals.instances_count && totals.compared_count > 0 ? [node('span', { class: 'sub' }, t('{some} of {all} compared', { some: plain(totals.compared_count, 0), all: plain(totals.instances_count, 0) }))] : [])))]));
}

function renderBasis({ savings }, know, provider) {
  const unpriced = number(savings.coverage?.unpriced_instances);
  figure('coverage', know.coverage === null ? null : know.coverage * 100, percent);
  byId('bar-coverage').style.width = know.coverage === null ? '0' : `${100 * know.coverage}%`;
  text('coverage-note', know.coverage === null ? t('No billed hours yet.')
    : t('{some} of {all}.', { some: hours(savings.coverage.priced_hours), all: hours(savings.coverage.total_hours) }) + (know.coverage < 1
      ? ` ${t('The rest, from {instances}, has no equivalent at {provider} or no known rate, and is in no total.', { instances: count(unpriced ?? 0, 'instance'), provider })}` : ''));
  for (const key of Object.keys(TIERS)) figure(`tier-${key}`, know.nothingComparedEver ? null : savings.tiers?.[key], usd);

  const { hours: pausedHours, cost_avoided: avoided } = savings.hibernation ?? {};
  figure('avoided', avoided, usd);
  text('avoided-note', number(pausedHours) === null ? t('Not known.') : pausedHours === 0 ? t('No paused hours so far.') : t('Over {hours} hibernated or stopped.', { hours: hours(pausedHours) }));

  const { as_of: asOf, stale } = savings.prices ?? {};
  text('prices-asof', asOf ? day(asOf) : UNKNOWN);
  text('prices-note', stale === true && asOf
    ? t('These prices are past their age limit. The figures rest on the last good {provider} prices and may differ from today’s.', { provider })
    : asOf ? t('The {provider} prices behind these figures are as of this day.', { provider }) : t('The date of the prices is not known.'));
  each('.stale-prices', (badgeNode) => { badgeNode.hidden = stale !== true; badgeNode.title = asOf ? t('Prices as of {day}', { day: day(asOf) }) : ''; });
}

export function render(data, provider, turn) {
  const name = providerName(provider);
  const know = knowledge(data);
  nameTerms(data);
  renderWidget(data, know, name);
  renderHourly(data, know, name);
  renderInstances(data, know, turn);
  renderBasis(data, know, name);
}

// ---- history ----

let drawn = null;

// history: {body, at} or null; problem: what went wrong when it was last asked for, or null.
export function renderHistory(history, problem, data, shown) {
  if (!history) {
    drawn = null;
    byId('chart').replaceChildren();
    byId('history-rows').replaceChildren();
    if (problem) figure('history-total', null, usd);
    else text('history-total', '');
    text('history-note', problem ? t('The history cannot be read right now ({reason}). Trying again soon.', { reason: problem }) : '');
    text('history-asof', '');
    text('history-readout', '');
    byId('chart').classList.toggle('bare', Boolean(problem));
    byId('history-details').hidden = true;
    return;
  }
  const { history: rows = [], totals = {}, timezone } = history.body;
  // The last row is not over yet where the time that was asked for reaches the present.
  const partialDate = Math.abs(history.at - Date.parse(history.body.to)) < LAG ? rows.at(-1)?.date : null;
  const used = rows.some((row) => comparedHours(row) > 0);
  const know = data ? knowledge(data) : null;

  figure('history-total', used || number(totals.total_savings) ? totals.total_savings : null, usd);
  text('history-note', used
    ? t('You paid {paid}, the {price} is {list}, over {hours}.', { paid: usd(totals.total_dumont_cost), price: t(terms.one), list: usd(totals.total_provider_cost), hours: hours(totals.total_compared_hours ?? totals.total_hours) }) + (know && know.coverage !== null && know.coverage < 1
      ? ` ${t('Compared usage only; lifetime coverage is {share}.', { share: percent(know.coverage * 100) })}` : '')
    : t('No compared usage in this time.'));
  text('history-asof', `${t(problem ? 'not refreshed since {time}' : 'as of {time}', { time: clockTime(history.at) })}${timezone ? ` · ${t('days in {zone}', { zone: timezone })}` : ''}`);
  byId('history-details').hidden = false;
  byId('history-rows').replaceChildren(...rows.slice(-TABLE_ROWS).map((row) => node('tr', {},
    node('th', { scope: 'row' }, row.date === partialDate ? t('{day} so far', { day: when(row, { day: 'numeric', month: 'short' }) }) : when(row, { day: 'numeric', month: 'short' })),
    ...[plain(row.hours_used, 1), ...moneyOf(row).map((value) => usd(value)), usd(row.cumulative_savings)]
      .map((value) => node('td', { class: value.startsWith('\u2212') ? 'num below' : 'num' }, value)))));
  text('history-more', rows.length > TABLE_ROWS ? t('The last {count} of {all} rows; the CSV has all.', { count: TABLE_ROWS, all: plain(rows.length, 0) }) : '');
  byId('chart').classList.toggle('bare', !used);
  drawn = { rows: used ? rows : [], partialDate, shown };
  drawChart();
}

// A day of which nothing is compared: what it cost and saved is unknown, not zero.
function moneyOf(row) {
  return row.hours_used > 0 && comparedHours(row) === 0 ? [null, null, null] : [row.dumont_cost, row.provider_cost, row.savings];
}

function readout(row, partial) {
  text('history-readout', row ? describe(row, partial) : t('Below the line, you paid more than the {price}', { price: t(terms.one) }));
}

function drawChart() {
  if (!drawn) return;
  draw(byId('chart'), drawn.rows, drawn.partialDate, drawn.shown, readout);
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
