// <economy-widget>: what an account saves, live, on any page.
//
//   <script type="module" src="https://savings.example.com/widget.js"></script>
//   <economy-widget provider="AWS"></economy-widget>
//   <script type="module">
//     document.querySelector('economy-widget').tokenSource = () => fetch('/my-token').then((answer) => answer.text());
//   </script>
//
// The token comes by the property `token` or the callback `tokenSource`, never by an attribute: markup is copied, cached and logged.
// Attributes: base (where the API is; where this script came from unless given), provider, option, region, sizing, lang (en, pt-BR).
// Colours: --economy-ink, -muted, -accent, -below, -surface, -line, -warn; the font is that of the page. Widgets that ask the same share
// one poll. Nothing from an answer is ever parsed as markup.

const HERE = new URL('.', import.meta.url).href;
const GIVE_UP_AFTER = 15_000;
const BACKOFF = [5, 10, 20, 40, 60];
const RANGE_EVERY = 5 * 60_000;
const LAG = 2 * 60_000;
const HOUR = 3_600_000;
const QUESTION = ['provider', 'option', 'region', 'sizing', 'discount', 'host_match'];
const PROVIDERS = { AWS: 'AWS', GCP: 'Google Cloud', AZURE: 'Azure' };

const WORDS = {
  en: {
    title: 'Compared with {provider}', lifetime: 'Lifetime savings', dearer: 'Cost more than {provider}', session: 'This session',
    hourly: 'Per hour, now', active: 'Active instances', projection: 'Projected month', percentage: 'Below list price', percentageDearer: 'Above list price',
    covers: 'covers {share} of billed hours', coversAll: 'covers all billed hours', leftOut: '{count} left out',
    runRate: 'if these ran without a break, 730 h', trend: 'your last days say {low} to {high} (80%)', thin: 'not enough history for a range',
    nothingRuns: 'nothing is running', nothingCompared: 'nothing that runs can be compared', live: 'live', stopped: 'stopped',
    observed: 'Usage is vouched for until {time}.', stalePrices: 'Prices of {day}: older than two weeks.', updated: 'Updated {time}',
    stale: 'No answer since {time}.', failed: 'The savings cannot be read right now.', locked: 'No access: the token is missing or wrong.',
    waitingToken: 'Waiting for access.', loading: 'Reading the figures', empty: 'No instances yet',
    emptyText: 'Start a GPU instance, and what it saves appears here.', demo: 'Demo fleet: invented instances, real list prices', unknown: 'unknown',
  },
  'pt-BR': {
    title: 'Comparado com {provider}', lifetime: 'Economia total', dearer: 'Custou mais que {provider}', session: 'Nesta sessão',
    hourly: 'Por hora, agora', active: 'Instâncias ativas', projection: 'Projeção do mês', percentage: 'Abaixo do preço de tabela', percentageDearer: 'Acima do preço de tabela',
    covers: 'cobre {share} das horas faturadas', coversAll: 'cobre todas as horas faturadas', leftOut: '{count} de fora',
    runRate: 'se rodassem sem parar, 730 h', trend: 'os últimos dias indicam {low} a {high} (80%)', thin: 'histórico insuficiente para um intervalo',
    nothingRuns: 'nada está rodando', nothingCompared: 'nada do que roda pode ser comparado', live: 'ao vivo', stopped: 'parado',
    observed: 'O uso está confirmado até {time}.', stalePrices: 'Preços de {day}: com mais de duas semanas.', updated: 'Atualizado às {time}',
    stale: 'Sem resposta desde {time}.', failed: 'A economia não pode ser lida agora.', locked: 'Sem acesso: o token falta ou está errado.',
    waitingToken: 'Aguardando acesso.', loading: 'Lendo os valores', empty: 'Nenhuma instância ainda',
    emptyText: 'Inicie uma instância com GPU, e a economia aparece aqui.', demo: 'Frota de demonstração: instâncias inventadas, preços de tabela reais', unknown: 'desconhecido',
  },
};

const STYLE = `
:host { --ink: var(--economy-ink, light-dark(#16201b, #e8eeea)); --muted: var(--economy-muted, light-dark(#56625c, #9daaa3));
  --accent: var(--economy-accent, light-dark(#0b6f55, #55cfa6)); --below: var(--economy-below, light-dark(#8a4a22, #e3a780));
  --surface: var(--economy-surface, light-dark(#fff, #161d1a)); --line: var(--economy-line, light-dark(#e1e6e2, #28322d));
  --warn: var(--economy-warn, light-dark(#5c4300, #f0d999)); color-scheme: light dark; display: block; container-type: inline-size;
  color: var(--ink); font-size: 1rem; line-height: 1.4; text-align: start; }
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; } :host([theme="dark"]) { color-scheme: dark; }
.box { background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: clamp(12px, 5cqi, 22px); }
.box * { margin: 0; padding: 0; box-sizing: border-box; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 12px; font-size: .8125rem; color: var(--muted); margin-bottom: 10px; }
.head strong { color: var(--ink); font-weight: 600; }
.label, .note, dt { font-size: .8125rem; color: var(--muted); font-weight: 400; }
.figure { font-variant-numeric: tabular-nums; white-space: nowrap; font-weight: 620; }
.top { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 12px; }
.big { font-size: clamp(1.125rem, 10cqi, 2.5rem); line-height: 1.2; letter-spacing: -.02em; color: var(--accent); }
.coverage { font-size: .8125rem; color: var(--muted); border: 1px solid var(--line); border-radius: 99px; padding: 1px 9px !important; }
.coverage[data-part] { color: var(--warn); border-color: currentcolor; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); gap: 12px 18px; margin-top: 14px !important;
  padding-top: 14px !important; border-top: 1px solid var(--line); }
dd.figure { font-size: clamp(.9375rem, 6cqi, 1.1875rem); }
.below { color: var(--below) !important; }
.none { color: var(--muted) !important; font-weight: 400; }
.warn { color: var(--warn); font-size: .8125rem; margin-top: 10px !important; }
.foot { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 12px; font-size: .75rem; color: var(--muted); margin-top: 12px !important; }
.foot a { color: inherit; }
.quiet .big, .quiet .figure { color: var(--muted); }
.empty { padding: 8px 0 !important; } .empty strong { display: block; }
.live::before { content: ""; display: inline-block; width: 7px; height: 7px; border-radius: 50%; background: var(--accent); margin-inline-end: 6px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
@media print { .box { border-color: #999; } }
`;

const number = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null);

// ---- one poll for all widgets that ask the same ----

const feeds = new Map();
const sources = new WeakMap(); // callback -> its number in keys
let sourceCount = 0;

function sourceKey(access) {
  if (typeof access !== 'function') return `token ${access ?? ''}`;
  if (!sources.has(access)) sources.set(access, ++sourceCount);
  return `source ${sources.get(access)}`;
}

class Feed {
  widgets = new Set();
  savings = null;
  range = null;
  problem = null; // {status, text}
  fresh = false;
  #base;
  #question;
  #access;
  #lead = []; // of the server's clock before performance.now(), by the latest answers
  #failures = 0;
  #dueAt = 0;
  #rangeDueAt = 0;
  #asking = null;
  #timer;

  constructor(base, question, access) {
    this.#base = base;
    this.#question = question;
    this.#access = access;
    this.#timer = setInterval(() => this.#look(), 1000);
    addEventListener('online', this.#soon);
    document.addEventListener('visibilitychange', this.#soon);
    this.poll();
  }

  #soon = () => { if (!document.hidden && !this.#asking && this.problem?.status !== 401) this.poll(); };

  close() {
    clearInterval(this.#timer);
    removeEventListener('online', this.#soon);
    document.removeEventListener('visibilitychange', this.#soon);
    this.#asking?.abort();
  }

  // The server's time by its own stamps: the reader's clock plays no part, and delay never makes a figure too high.
  now() {
    return performance.now() + Math.max(...this.#lead);
  }

  // Date.now also counts the time that a machine sleeps, so a poll is due at once when it wakes.
  #look() {
    if (!document.hidden && !this.#asking && Date.now() >= this.#dueAt) this.poll();
  }

  async #get(path, signal) {
    const token = typeof this.#access === 'function' ? await this.#access() : this.#access;
    if (!token) throw { status: 401, text: 'no token' };
    const answer = await fetch(`${this.#base}api/v1/economy${path}?${this.#question}`, {
      headers: { Accept: 'application/json', Authorization: `Bearer ${token}` }, credentials: 'omit', cache: 'no-store', signal,
    });
    const receivedAt = performance.now();
    const body = await answer.json().catch(() => null);
    if (!answer.ok || body?.success !== true) {
      throw { status: answer.status, text: body?.error?.message ?? '', after: Number(answer.headers.get('Retry-After')) || 0 };
    }
    const stamp = Date.parse(body.calculated_at);
    if (Number.isFinite(stamp)) this.#lead = [...this.#lead, stamp - receivedAt].slice(-8);
    return body;
  }

  async poll() {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const timer = setTimeout(() => asking.abort(), GIVE_UP_AFTER);
    try {
      const savings = await this.#get('/savings', asking.signal);
      if (Date.now() >= this.#rangeDueAt) {
        this.#rangeDueAt = Date.now() + RANGE_EVERY;
        this.range = await this.#get('/range', asking.signal).catch(() => this.range);
      }
      if (this.#asking !== asking) return;
      this.savings = savings;
      this.fresh = true;
      this.problem = null;
      this.#failures = 0;
      this.#dueAt = Date.now() + (savings.active_instances_count > 0 ? 30_000 : 60_000);
    } catch (problem) {
      if (this.#asking !== asking) return;
      this.fresh = false;
      this.problem = { status: number(problem?.status) ?? 0, text: problem?.text ?? '' };
      if (this.problem.status === 401) this.savings = this.range = null;
      const wait = Math.max(problem?.after ?? 0, BACKOFF[Math.min(this.#failures++, BACKOFF.length - 1)]);
      this.#dueAt = this.problem.status === 401 && typeof this.#access !== 'function' ? Infinity : Date.now() + Math.min(wait, 600) * 1000;
    } finally {
      clearTimeout(timer);
      if (this.#asking === asking) {
        this.#asking = null;
        for (const widget of this.widgets) widget.render();
      }
    }
  }
}

// ---- one clock for all that tick ----

const ticking = new Set();
const calm = matchMedia('(prefers-reduced-motion: reduce)');
let clock = 0;

function keepTicking() {
  if (!clock) clock = setInterval(tick, calm.matches ? 1000 : 250);
}

function tick() {
  for (const widget of ticking) widget.tick();
  if (ticking.size === 0) {
    clearInterval(clock);
    clock = 0;
  }
}

// ---- the element ----

class EconomyWidget extends HTMLElement {
  static observedAttributes = ['base', 'lang', ...QUESTION];
  #access = null;
  #feed = null;
  #key = '';
  #parts = {};
  #formats = new Map();
  #root = this.attachShadow({ mode: 'open' });

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
  }

  set token(value) { this.#access = value ? String(value) : null; this.#connect(); }
  set tokenSource(value) { this.#access = typeof value === 'function' ? value : null; this.#connect(); }
  refresh() { this.#feed?.poll(); }

  connectedCallback() {
    // What was set before the element was defined lies over the setters.
    for (const name of ['token', 'tokenSource']) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    this.#connect();
  }

  disconnectedCallback() { this.#leave(); }

  attributeChangedCallback(name) {
    if (name === 'lang') this.#formats.clear();
    if (this.isConnected) this.#connect();
  }

  #connect() {
    if (!this.isConnected) return;
    const base = new URL(this.getAttribute('base') ?? HERE, document.baseURI).href.replace(/\/?$/, '/');
    const question = new URLSearchParams(QUESTION.filter((name) => this.getAttribute(name)).map((name) => [name, this.getAttribute(name)])).toString();
    const key = `${base} ${question} ${sourceKey(this.#access)}`;
    if (key !== this.#key || !this.#access) {
      this.#leave();
      if (this.#access) {
        if (!feeds.has(key)) feeds.set(key, new Feed(base, question, this.#access));
        this.#feed = feeds.get(key);
        this.#feed.widgets.add(this);
        this.#key = key;
      }
    }
    this.render();
  }

  #leave() {
    ticking.delete(this);
    this.#feed?.widgets.delete(this);
    if (this.#feed && this.#feed.widgets.size === 0) {
      this.#feed.close();
      feeds.delete(this.#key);
    }
    this.#feed = null;
    this.#key = '';
  }

  // ---- words and figures ----

  get #language() {
    const asked = this.closest('[lang]')?.lang || document.documentElement.lang || navigator.language || 'en';
    return /^pt/i.test(asked) ? 'pt-BR' : 'en';
  }

  #say(name, values = {}) {
    return WORDS[this.#language][name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  #format(options) {
    const key = this.#language + JSON.stringify(options);
    if (!this.#formats.has(key)) this.#formats.set(key, new Intl.NumberFormat(this.#language === 'en' ? 'en-US' : 'pt-BR', options));
    return this.#formats.get(key);
  }

  // A true minus sign, and none before what rounds to zero.
  #written(value, options) {
    const text = this.#format(options).format(Math.abs(value));
    return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
  }

  #usd(value, decimals = 2) {
    return number(value) === null ? '—' : this.#written(value, { style: 'currency', currency: 'USD', minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  }

  #percent(value) {
    if (number(value) === null) return '—';
    const size = Math.abs(value);
    if (size < 100 && size >= 99.95) return `>${this.#format({ style: 'percent', maximumFractionDigits: 1 }).format(0.999)}`;
    return this.#written(value / 100, { style: 'percent', maximumFractionDigits: 1 });
  }

  #time(stamp) {
    const when = new Date(stamp);
    if (Number.isNaN(when.getTime())) return this.#say('unknown');
    const far = Math.abs(Date.now() - when) > 12 * HOUR;
    return when.toLocaleString(this.#language, far ? { dateStyle: 'short', timeStyle: 'short' } : { timeStyle: 'medium' });
  }

  // ---- drawing ----

  #node(tag, kind, text = '') {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    made.textContent = text;
    return made;
  }

  #figure(part, value, text) {
    if (part.textContent !== text) part.textContent = text;
    part.classList.toggle('below', (number(value) ?? 0) < 0);
    part.classList.toggle('none', number(value) === null);
  }

  #message(strong, text = '') {
    ticking.delete(this);
    const box = this.#node('div', 'box');
    const inner = this.#node('div', 'empty');
    inner.setAttribute('role', 'status');
    inner.append(this.#node('strong', '', strong), this.#node('p', 'note', text));
    box.append(inner);
    this.#root.replaceChildren(box);
    this.#parts = {};
  }

  render() {
    const feed = this.#feed;
    if (!feed) return this.#message(this.#say('waitingToken'));
    const { savings, problem } = feed;
    if (!savings) {
      if (!problem) return this.#message(this.#say('loading'));
      return this.#message(this.#say(problem.status === 401 ? 'locked' : 'failed'), problem.status === 400 ? problem.text : '');
    }
    if (!savings.active_instances_count && !savings.coverage?.total_hours) return this.#message(this.#say('empty'), this.#say('emptyText'));
    this.#layOut();
    this.#fill(feed);
    if (feed.fresh && savings.active_instances_count > 0 && number(savings.hourly_comparison?.savings_per_hour) !== null) {
      ticking.add(this);
      keepTicking();
    } else ticking.delete(this);
    this.tick();
  }

  #layOut() {
    if (this.#parts.box) return;
    const parts = { box: this.#node('section', 'box') };
    const add = (name, tag, kind) => (parts[name] = this.#node(tag, kind));
    const head = this.#node('p', 'head');
    head.append(add('title', 'strong', ''), add('state', 'span', ''));
    const top = this.#node('div', 'top');
    top.append(add('lifetime', 'p', 'big figure'), add('coverage', 'p', 'coverage'));
    const list = document.createElement('dl');
    for (const name of ['session', 'hourly', 'active', 'projection', 'percentage']) {
      const cell = document.createElement('div');
      cell.append(add(`${name}Label`, 'dt', ''), add(name, 'dd', 'figure'), add(`${name}Note`, 'dd', 'note'));
      list.append(cell);
    }
    const foot = this.#node('p', 'foot');
    foot.append(add('updated', 'span', ''), add('demo', 'span', ''));
    parts.box.append(head, add('lifetimeLabel', 'p', 'label'), top, list, add('warn', 'p', 'warn'), foot);
    this.#parts = parts;
    this.#root.replaceChildren(parts.box);
  }

  #fill({ savings, range, problem, fresh }) {
    const parts = this.#parts;
    const provider = PROVIDERS[savings.provider] ?? savings.provider;
    const put = (name, text) => { if (parts[name].textContent !== text) parts[name].textContent = text; };
    const { priced_hours: priced, total_hours: total, unpriced_instances: unpriced } = savings.coverage;
    const runs = savings.active_instances_count > 0;
    const known = savings.projections?.basis !== 'none';
    put('title', this.#say('title', { provider }));
    put('lifetimeLabel', savings.lifetime_savings < 0 ? this.#say('dearer', { provider }) : this.#say('lifetime'));
    put('coverage', priced === total ? this.#say('coversAll') : this.#say('covers', { share: this.#percent((100 * priced) / total) }) + (unpriced ? `; ${this.#say('leftOut', { count: unpriced })}` : ''));
    parts.coverage.toggleAttribute('data-part', priced !== total);
    for (const name of ['session', 'hourly', 'active', 'projection']) put(`${name}Label`, this.#say(name));
    put('percentageLabel', this.#say(savings.savings_percentage < 0 ? 'percentageDearer' : 'percentage'));
    const hourly = runs && known ? savings.hourly_comparison.savings_per_hour : null;
    this.#figure(parts.hourly, hourly, hourly === null ? '—' : (hourly > 0 ? '+' : '') + this.#usd(hourly));
    put('hourlyNote', !runs ? this.#say('nothingRuns') : known ? '' : this.#say('nothingCompared'));
    this.#figure(parts.active, savings.active_instances_count, this.#written(savings.active_instances_count, {}));
    const monthly = known ? savings.projections.monthly : null;
    this.#figure(parts.projection, monthly, this.#usd(monthly));
    put('projectionNote', !known ? '' : `${this.#say('runRate')}; ${range?.trend ? this.#say('trend', { low: this.#usd(range.trend.monthly.low), high: this.#usd(range.trend.monthly.high) })
      : this.#say('thin')}`);
    this.#figure(parts.percentage, savings.savings_percentage, this.#percent(savings.savings_percentage === null ? null : Math.abs(savings.savings_percentage)));
    parts.percentage.classList.toggle('below', savings.savings_percentage < 0);
    put('state', !fresh ? this.#say('stopped') : runs ? this.#say('live') : '');
    parts.state.className = fresh && runs ? 'live' : '';
    const unseen = Date.parse(savings.calculated_at) - Date.parse(savings.observed_until) > LAG;
    put('warn', [
      ...(problem ? [this.#say('stale', { time: this.#time(savings.calculated_at) })] : []),
      ...(unseen ? [this.#say('observed', { time: this.#time(savings.observed_until) })] : []),
      ...(savings.prices?.stale ? [this.#say('stalePrices', { day: savings.prices.as_of ?? this.#say('unknown') })] : []),
    ].join(' '));
    parts.warn.hidden = !parts.warn.textContent;
    put('updated', this.#say('updated', { time: this.#time(savings.calculated_at) }));
    put('demo', savings.demo ? this.#say('demo') : '');
    parts.box.classList.toggle('quiet', !fresh);
  }

  // value = value at the server's stamp + rate x time since that stamp: each answer replaces all three, so nothing can drift.
  tick() {
    const { savings, fresh } = this.#feed ?? {};
    if (!savings || !this.#parts.box) return;
    const perHour = number(savings.hourly_comparison?.savings_per_hour) ?? 0;
    const since = fresh && savings.active_instances_count > 0 ? Math.min(Math.max(this.#feed.now() - Date.parse(savings.calculated_at), 0), 50_000) : 0;
    const grown = (perHour * since) / HOUR;
    const compared = savings.coverage.priced_hours > 0;
    const lifetime = compared ? savings.lifetime_savings + grown : null;
    const session = savings.active_instances_count > 0 && savings.projections?.basis !== 'none' ? savings.current_session_savings + grown : null;
    this.#figure(this.#parts.lifetime, lifetime, this.#usd(lifetime));
    this.#figure(this.#parts.session, session, this.#usd(session, 4));
  }
}

if (!customElements.get('economy-widget')) customElements.define('economy-widget', EconomyWidget);
