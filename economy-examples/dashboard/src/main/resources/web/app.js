// The savings page's life: what it compares with, when to ask, what to show when there is no answer.

import { ApiError, ServerClock, Token, get } from './api.js';
import { PROVIDERS, clockTime, number } from './format.js';
import { Tables } from './tables.js';
import { Ticker } from './ticker.js';
import * as view from './view.js';
import { choose as chooseLanguage, language, t, translate } from './words.js';

const SLOW_EVERY = 5 * 60_000; // history, breakdown, comparison: nothing of theirs ticks
const SLOW_RETRY = 60_000;
const BACKOFF = [5, 10, 20, 40, 60];
const GRACE = 20_000;
const CHOICE_KEY = 'economy.provider';
const PAGE = 25;

const byId = (id) => document.getElementById(id);
const address = new URLSearchParams(location.search);
const token = new Token();
const clock = new ServerClock();

translate(document.body);
byId('language').value = language;

let provider = firstProvider();
const baseline = { option: '', sizing: '' };
const list = { offset: 0, q: '', state: '', sort: '' };
const period = { days: '30', from: '', to: '', granularity: 'day' };
let known = new Map(); // question -> {data: {savings, realtime}, fresh, history: {body, at}, historyProblem}
let asking = null; // AbortController of the poll under way
let failures = 0;
let dueAt = 0; // of Date.now, which also counts the time a machine sleeps
let slowDueAt = 0;
let problem = null; // ApiError of the last poll
let locked = false; // 401: nothing is asked until there is another token
let paused = false;

const ticker = new Ticker(clock, (bring) => view.moving(current().data, bring));
const tables = new Tables(() => ({ query: question(), token: token.get() }));

// What is given of some parameters: a blank one is not asked.
function given(parameters) {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== '' && value !== 0));
}

function question() {
  return given({ provider, ...baseline });
}

function current() {
  const key = new URLSearchParams(question()).toString();
  if (!known.has(key)) known.set(key, {});
  return known.get(key);
}

function firstProvider() {
  const asked = (address.get('provider') ?? '').toUpperCase();
  if (asked) return asked;
  try {
    const remembered = localStorage.getItem(CHOICE_KEY);
    if (remembered) return remembered;
  } catch { /* storage blocked: the default */ }
  return 'AWS';
}

// ---- polling ----

async function poll() {
  if (locked || paused) return;
  asking?.abort();
  const mine = new AbortController();
  const state = current();
  asking = mine;
  dueAt = Infinity;
  tellProblem();
  try {
    const ask = (path, extra) => get(path, { ...question(), ...extra }, token.get(), { signal: mine.signal });
    const [savings, realtime] = await Promise.all([ask('/savings'), ask('/savings/realtime', { ...given(list), limit: PAGE })]);
    if (mine.signal.aborted) return;
    asking = null;
    clock.observe(Date.parse(savings.body.calculated_at), savings.receivedAt);
    clock.observe(Date.parse(realtime.body.timestamp), realtime.receivedAt);
    answered(state, { savings: savings.body, realtime: realtime.body });
  } catch (error) {
    if (mine.signal.aborted) return;
    mine.abort();
    asking = null;
    failed(error instanceof ApiError ? error : new ApiError(0, 'unreadable answer'));
    if (!(error instanceof ApiError)) console.error(error);
  }
}

function answered(state, data) {
  const recovered = problem !== null;
  state.data = data;
  state.fresh = true;
  problem = null;
  failures = 0;
  const every = Math.min(600, Math.max(5, number(data.realtime.next_poll_seconds) ?? 30)) * 1000;
  dueAt = Date.now() + every;
  view.setDemo([...known.values()].some(({ data: d }) => d?.savings.demo === true));
  show(every);
  if (recovered) view.announce(t('Figures are up to date again.'));
  if (Date.now() >= slowDueAt) pollSlow();
}

function failed(error) {
  const first = problem === null;
  problem = error;
  current().fresh = false;
  if (error.status === 401) {
    locked = true;
    known = new Map();
    token.forget();
    view.setDemo(false);
  } else if (error.status === 400 && !(provider in PROVIDERS)) {
    // A provider that was remembered, or named in the address, is not in the catalog.
    provider = 'AWS';
    view.selectProvider(provider);
    dueAt = 0;
  } else {
    const wait = Math.max(error.retryAfter ?? 0, BACKOFF[Math.min(failures, BACKOFF.length - 1)]);
    failures++;
    dueAt = Date.now() + Math.min(wait, 600) * 1000 * (1 + Math.random() / 10);
  }
  show();
  const at = asOf();
  if (first) view.announce(t(locked ? 'The access token is missing or wrong.' : at ? 'Data is stale. Last updated {time}. Retrying.' : 'The savings cannot be read. Retrying.', { time: at }));
}

// ---- what is asked for less often ----

function historyQuery() {
  const { granularity, days, from, to } = period;
  if (days) return { granularity, days };
  // The day that is chosen as the last is to be in it.
  const next = to ? new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10) : '';
  return given({ granularity, from, to: next });
}

async function pollHistory() {
  const state = current();
  try {
    const { body } = await get('/savings/history', { ...question(), ...historyQuery() }, token.get());
    state.history = { body, at: clock.now() };
    state.historyProblem = null;
  } catch (error) {
    state.historyProblem = error.message;
    if (error.status === 400) state.history = null;
    if (state === current()) slowDueAt = Math.min(slowDueAt, Date.now() + SLOW_RETRY);
  }
  if (state === current() && state.data) showHistory();
}

async function pollSlow() {
  slowDueAt = Date.now() + SLOW_EVERY;
  await pollHistory();
  await tables.refresh();
}

// ---- showing ----

function asOf() {
  const stamp = Date.parse(current().data?.savings.calculated_at);
  return Number.isNaN(stamp) ? null : clockTime(stamp);
}

function showHistory() {
  view.renderHistory(current().history, current().historyProblem, current().data, byId('shown').value);
}

function turn(offset) {
  list.offset = offset;
  poll();
}

function show(every = 30_000) {
  const { data, fresh } = current();
  tellProblem();
  if (locked) {
    ticker.stop();
    view.clear();
    view.setPhase('locked');
    view.freshness('');
    view.panel({
      title: t('The access token is missing or wrong'),
      paragraphs: [t('Open the address that was printed when the dashboard started, with its token, or enter the token here. Nothing is shown without it.')],
      askToken: true,
    });
    return;
  }
  if (!data) {
    ticker.stop();
    view.clear();
    view.freshness(t(problem ? 'Not connected' : 'Reading the figures'));
    view.setPhase(problem ? 'failed' : 'loading');
    if (problem) view.panel({ title: t('The savings cannot be read right now'), paragraphs: [`${sentence(problem)} ${t('No figures are shown until there is an answer.')}`] });
    else view.panel();
    return;
  }
  if (view.isEmpty(data)) {
    ticker.stop();
    view.setPhase(fresh ? 'empty' : 'stale');
    view.freshness(t('Updated {time}', { time: asOf() }));
    view.panel({
      title: t('No instances yet'),
      paragraphs: [
        t('Start a GPU instance and its savings appear here, usually within a minute or two.'),
        t('Is one running already? Then its usage does not reach this dashboard under your account: whoever runs the dashboard can check that.'),
      ],
    });
    return;
  }

  view.panel();
  view.setPhase(fresh ? 'live' : problem ? 'stale' : 'waiting');
  view.freshness(t(fresh ? 'Updated {time}' : problem ? 'Stale since {time}' : 'Updating, last figures of {time}', { time: asOf() }));
  view.observed(data);
  view.render(data, provider, turn);
  showHistory();

  const know = view.knowledge(data);
  const stamp = Date.parse(data.savings.calculated_at);
  const perHour = number(data.savings.hourly_comparison?.savings_per_hour);
  const ticks = fresh && !paused && know.running > 0 && !know.nothingComparableNow && perHour !== null && !Number.isNaN(stamp);
  view.sessionState(paused ? 'halted' : !fresh ? (problem ? 'stale' : 'waiting') : know.running === 0 ? (know.unseen ? 'unseen' : 'paused') : ticks ? 'live' : 'unknown');
  if (ticks) ticker.run(stamp, perHour, every + GRACE);
  else ticker.stop();
}

function sentence(error) {
  if (error.status === 0) return t('The server does not answer ({reason}).', { reason: t(error.message) });
  const message = error.message.trim();
  return message[0].toUpperCase() + message.slice(1) + (/[.!?]$/.test(message) ? '' : '.');
}

function tellProblem() {
  if (!problem || locked) {
    view.banner(null);
    return;
  }
  const at = asOf();
  view.banner(at ? t('Data is stale: last updated {time}.', { time: at }) : t('No data.'), asking ? 0 : Math.max(0, Math.ceil((dueAt - Date.now()) / 1000)));
}

// ---- what the reader does ----

function asked() {
  problem = null;
  failures = 0;
  slowDueAt = 0;
  list.offset = 0;
  current().fresh = false;
  if (!locked) {
    show();
    poll();
  }
}

function choose(chosen) {
  provider = chosen;
  try {
    localStorage.setItem(CHOICE_KEY, chosen);
  } catch { /* not remembered */ }
  view.selectProvider(provider);
  view.announce(t('Comparing with {provider}.', { provider: view.providerName(provider) }));
  asked();
}

document.querySelectorAll('input[name=provider]').forEach((input) => input.addEventListener('change', () => choose(input.value)));
byId('other-provider').addEventListener('change', (event) => { if (event.target.value) choose(event.target.value); });
tables.onProvider = choose;
tables.onProviders = (all) => {
  const others = all.filter((id) => !(id in PROVIDERS)).sort();
  byId('other-provider').replaceChildren(new Option(t('More providers'), ''), ...others.map((id) => new Option(id, id)));
  view.selectProvider(provider);
};
for (const name of ['option', 'sizing']) {
  byId(name).addEventListener('change', () => {
    baseline[name] = byId(name).value;
    asked();
  });
}

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  byId('pause').textContent = t(paused ? 'Go on' : 'Pause');
  if (paused) {
    asking?.abort();
    asking = null;
    show();
  } else poll();
});

byId('language').addEventListener('change', () => chooseLanguage(byId('language').value));

let typing;
byId('instance-tools').addEventListener('submit', (event) => event.preventDefault());
byId('instance-tools').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    Object.assign(list, { q: byId('instance-search').value.trim(), state: byId('instance-state').value, sort: byId('instance-sort').value, offset: 0 });
    poll();
  }, 250);
});

byId('history-tools').addEventListener('submit', (event) => event.preventDefault());
byId('history-tools').addEventListener('change', (event) => {
  if (event.target === byId('shown')) {
    showHistory();
    return;
  }
  Object.assign(period, { days: byId('history-tools').elements.days.value, from: byId('from').value, to: byId('to').value, granularity: byId('granularity').value });
  byId('custom').hidden = period.days !== '';
  if (period.days || period.from) pollHistory();
});
byId('breakdown-tools').addEventListener('submit', (event) => event.preventDefault());

document.addEventListener('click', (event) => {
  const why = event.target.closest('[data-why]');
  if (why) tables.why(why.dataset.why, why.dataset.instance);
  const csv = event.target.closest('[data-csv]');
  if (csv) {
    const path = csv.dataset.csv;
    const { offset, ...filters } = given(list);
    const extra = path.endsWith('history') ? historyQuery() : path.endsWith('breakdown') ? tables.breakdownQuery() : filters;
    tables.csv(path, extra, path.split('/').pop()).catch((error) => view.announce(error.message));
  }
});

byId('retry').addEventListener('click', poll);

byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = byId('token-input');
  if (!input.value.trim()) return;
  token.set(input.value.trim());
  input.value = '';
  locked = false;
  asked();
});

// ---- time ----

// One look a second: is a poll due (on time, or because the machine slept), and the countdown of the banner.
// A hidden page asks nothing; it asks at once when it is seen again.
let lastLook = Date.now();
setInterval(() => {
  const now = Date.now();
  const slept = now - lastLook > 10_000 && !document.hidden;
  lastLook = now;
  if (document.hidden || paused) return;
  if (!asking && (slept || now >= dueAt - 500)) poll();
  else if (!problem && now >= slowDueAt && current().data) pollSlow();
  if (problem) tellProblem();
}, 1000);

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !asking) poll();
});
addEventListener('online', () => poll());
addEventListener('pageshow', (event) => {
  if (event.persisted) poll();
});

view.selectProvider(provider);
show();
poll();
