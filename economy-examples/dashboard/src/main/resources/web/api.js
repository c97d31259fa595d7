// Talking to the REST API: the token, the requests, and what the server's clock says.

// Beside this script, so that the pages work under any path.
const PREFIX = new URL('api/v1/economy', import.meta.url).href;
const GIVE_UP_AFTER = 15_000;
const TOKEN_KEY = 'economy.token';

export class ApiError extends Error {
  constructor(status, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

// The token comes from the address once, leaves it at once, and lives no longer than the tab. Where storage is
// blocked (a widget in a foreign frame), it lives as long as the page.
export class Token {
  #value = null;

  constructor() {
    const address = new URL(location.href);
    const given = address.searchParams.get('token');
    if (given !== null) {
      address.searchParams.delete('token');
      history.replaceState(null, '', address.pathname + address.search + address.hash);
    }
    if (given) this.set(given);
    else {
      try {
        this.#value = sessionStorage.getItem(TOKEN_KEY);
      } catch { /* storage blocked: no remembered token */ }
    }
  }

  get() {
    return this.#value;
  }

  set(value) {
    this.#value = value;
    try {
      sessionStorage.setItem(TOKEN_KEY, value);
    } catch { /* kept in memory */ }
  }

  forget() {
    this.#value = null;
    try {
      sessionStorage.removeItem(TOKEN_KEY);
    } catch { /* nothing was kept */ }
  }
}

// The server's time, read off its answers. An answer stamped S and received at R (of performance.now) proves that the
// server's clock is at least S - R ahead; the largest of the latest few is the best such bound. So network delay or an answer
// a few seconds old never makes a figure too high, the reader's own clock plays no part, and nothing drifts.
export class ServerClock {
  static #KEPT = 8;
  #leads = [];

  observe(stamp, receivedAt) {
    if (!Number.isFinite(stamp)) return;
    this.#leads.push(stamp - receivedAt);
    if (this.#leads.length > ServerClock.#KEPT) this.#leads.shift();
  }

  now() {
    return performance.now() + Math.max(...this.#leads);
  }

  known() {
    return this.#leads.length > 0;
  }
}

// post: a value that is sent as JSON; without it the question is a GET.
export async function get(path, query, token, { signal, post, cache = 'no-store' } = {}) {
  const giveUp = new AbortController();
  const stop = () => giveUp.abort();
  const timer = setTimeout(stop, GIVE_UP_AFTER);
  signal?.addEventListener('abort', stop);
  try {
    const response = await fetch(`${PREFIX}${path}?${new URLSearchParams(query)}`, {
      headers: {
        Accept: 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(post ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(post ? { method: 'POST', body: JSON.stringify(post) } : {}),
      credentials: 'omit',
      cache,
      signal: giveUp.signal,
    });
    const body = await response.json().catch(() => null);
    if (!response.ok || body === null || body.success !== true) {
      const wait = Number(response.headers.get('Retry-After'));
      throw new ApiError(response.status, body?.error?.message ?? `unexpected answer (${response.status})`, wait > 0 ? wait : null);
    }
    return { body, receivedAt: performance.now() };
  } catch (error) {
    if (signal?.aborted || error instanceof ApiError) throw error;
    throw new ApiError(0, giveUp.signal.aborted ? 'no answer in time' : 'no connection');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

// A file for the reader to keep. A link cannot carry the token, so the page fetches it.
export async function download(path, query, token, name) {
  const response = await fetch(`${PREFIX}${path}?${new URLSearchParams(query)}`, { headers: { Authorization: `Bearer ${token}` }, credentials: 'omit', cache: 'no-store' });
  if (!response.ok) throw new ApiError(response.status, (await response.json().catch(() => null))?.error?.message ?? `unexpected answer (${response.status})`);
  save(await response.blob(), name);
}

export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
