// The page's life: which provider, when to ask, what to show when there is no answer.

import { ApiError, ServerClock, Token, get } from './api.js';
import { PROVIDERS, clockTime, number } from './format.js';
import { Ticker } from './ticker.js';
import * as view from './view.js';

const HISTORY_DAYS = 30;
const HISTORY_EVERY = 5 * 60_000;
const HISTORY_RETRY = 60_000;
const BACKOFF = [5, 10, 20, 40, 60];
const GRACE = 20_000;
const CHOICE_KEY = 'economy.provider';

const address = new URLSearchParams(location.search);
const widget = address.get('widget') === '1';
const token = new Token();
const clock = new ServerClock();

let provider = firstProvider();
let known = new Map(); // provider -> {data: {savings, realtime}, fresh, history: {body, at}, historyProblem}
let asking = null; // AbortController of the poll under way
let failures = 0;
let dueAt = 0; // of Date.now, which also counts the time a machine sleeps
let historyDueAt = 0;
let problem = null; // ApiError of the last poll
let locked = false; // 401: nothing is asked until there is another token

const ticker = new Ticker(clock, (bring) => view.moving(current().data, bring));

function current() {
  if (!known.has(provider)) known.set(provider, {});
  return known.get(provider);
}

function firstProvider() {
  const asked = (address.get('provider') ?? '').toUpperCase();
  if (asked in PROVIDERS) return asked;
  try {
    const remembered = localStorage.getItem(CHOICE_KEY);
    if (remembered in PROVIDERS) return remembered;
  } catch { /* storage blocked: the default */ }
  return 'AWS';
}

// ---- polling ----

async function poll() {
  if (locked) return;
  asking?.abort();
  const mine = new AbortController();
  const state = current();
  asking = mine;
  dueAt = Infinity;
  tellProblem();
  try {
    const ask = (path) => get(path, { provider }, token.get(), { signal: mine.signal });
    const [savings, realtime] = await Promise.all([ask('/savings'), ask('/savings/realtime')]);
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
  if (recovered) view.announce('Figures are up to date again.');
  if (!widget && Date.now() >= historyDueAt) pollHistory();
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
  } else {
    const wait = Math.max(error.retryAfter ?? 0, BACKOFF[Math.min(failures, BACKOFF.length - 1)]);
    failures++;
    dueAt = Date.now() + Math.min(wait, 600) * 1000 * (1 + Math.random() / 10);
  }
  show();
  const at = asOf();
  if (first) view.announce(locked ? 'The access token is missing or wrong.' : at ? `Data is stale. Last updated ${at}. Retrying.` : 'The savings cannot be read. Retrying.');
}

async function pollHistory() {
  const state = current();
  historyDueAt = Date.now() + HISTORY_EVERY;
  try {
    const { body } = await get('/savings/history', { provider, days: HISTORY_DAYS }, token.get(), { cache: 'no-cache' });
    state.history = { body, at: clock.now() };
    state.historyProblem = null;
  } catch (error) {
    state.historyProblem = error.message;
    if (state === current()) historyDueAt = Date.now() + HISTORY_RETRY;
  }
  if (state === current() && state.data) view.renderHistory(state.history, state.historyProblem, state.data);
}

// ---- showing ----

function asOf() {
  const stamp = Date.parse(current().data?.savings.calculated_at);
  return Number.isNaN(stamp) ? null : clockTime(stamp);
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
      title: 'The access token is missing or wrong',
      paragraphs: ['Open the address that was printed when the dashboard started, with its token, or enter the token here. Nothing is shown without it.'],
      askToken: true,
    });
    return;
  }
  if (!data) {
    ticker.stop();
    view.clear();
    view.freshness(problem ? 'Not connected' : 'Reading the figures');
    view.setPhase(problem ? 'failed' : 'loading');
    if (problem) view.panel({ title: 'The savings cannot be read right now', paragraphs: [`${sentence(problem)} No figures are shown until there is an answer.`] });
    else view.panel();
    return;
  }
  if (view.isEmpty(data)) {
    ticker.stop();
    view.setPhase(fresh ? 'empty' : 'stale');
    view.freshness(`Updated ${asOf()}`);
    view.panel({
      title: 'No instances yet',
      paragraphs: [
        'Start a GPU instance and its savings appear here, usually within a minute or two.',
        'Is one running already? Then its usage does not reach this dashboard under your account: whoever runs the dashboard can check that.',
      ],
    });
    return;
  }

  view.panel();
  view.setPhase(fresh ? 'live' : problem ? 'stale' : 'waiting');
  view.freshness(fresh ? `Updated ${asOf()}` : problem ? `Stale since ${asOf()}` : `Updating, last figures of ${asOf()}`);
  view.observed(data);
  view.render(data, provider);
  if (!widget) view.renderHistory(current().history, current().historyProblem, data);

  const know = view.knowledge(data);
  const stamp = Date.parse(data.savings.calculated_at);
  const perHour = number(data.savings.hourly_comparison?.savings_per_hour);
  const ticks = fresh && know.running > 0 && !know.nothingComparableNow && perHour !== null && !Number.isNaN(stamp);
  view.sessionState(!fresh ? (problem ? 'stale' : 'waiting') : know.running === 0 ? (know.unseen ? 'unseen' : 'paused') : ticks ? 'live' : 'unknown');
  if (ticks) ticker.run(stamp, perHour, every + GRACE);
  else ticker.stop();
}

function sentence(error) {
  if (error.status === 0) return `The server does not answer (${error.message}).`;
  const message = error.message.trim();
  return message[0].toUpperCase() + message.slice(1) + (/[.!?]$/.test(message) ? '' : '.');
}

function tellProblem() {
  if (!problem || locked) {
    view.banner(null);
    return;
  }
  const at = asOf();
  view.banner(at ? `Data is stale: last updated ${at}.` : 'No data.', asking ? 0 : Math.max(0, Math.ceil((dueAt - Date.now()) / 1000)));
}

// ---- what the reader does ----

function choose(chosen) {
  provider = chosen;
  try {
    localStorage.setItem(CHOICE_KEY, chosen);
  } catch { /* not remembered */ }
  problem = null;
  failures = 0;
  historyDueAt = 0;
  current().fresh = false;
  view.selectProvider(provider);
  view.announce(`Comparing with ${view.providerName(provider)}.`);
  if (!locked) {
    show();
    poll();
  }
}

document.querySelectorAll('input[name=provider]').forEach((input) => input.addEventListener('change', () => choose(input.value)));

document.getElementById('retry').addEventListener('click', poll);

document.getElementById('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = document.getElementById('token-input');
  if (!input.value.trim()) return;
  token.set(input.value.trim());
  input.value = '';
  locked = false;
  problem = null;
  failures = 0;
  historyDueAt = 0;
  show();
  poll();
});

// ---- time ----

// One look a second: is a poll due (on time, or because the machine slept), and the countdown of the banner.
// A hidden page asks nothing; it asks at once when it is seen again.
let lastLook = Date.now();
setInterval(() => {
  const now = Date.now();
  const slept = now - lastLook > 10_000 && !document.hidden;
  lastLook = now;
  if (document.hidden) return;
  if (!asking && (slept || now >= dueAt - 500)) poll();
  else if (!widget && !problem && now >= historyDueAt && current().data) pollHistory();
  if (problem) tellProblem();
}, 1000);

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !asking) poll();
});
addEventListener('online', () => poll());
addEventListener('pageshow', (event) => {
  if (event.persisted) poll();
});

view.setMode(widget);
view.selectProvider(provider);
show();
poll();
