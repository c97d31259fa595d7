// Figures and times as a person reads them. Whatever is not a finite number is unknown and shown as a dash, never as zero.

import { locale, t } from './words.js';

export const UNKNOWN = '—';

export const PROVIDERS = { AWS: 'AWS', GCP: 'Google Cloud', AZURE: 'Azure' };

export const TIERS = {
  LIKE_FOR_LIKE: { name: 'Like for like', means: 'The same GPU, memory and form factor, in a machine with exactly as many GPUs' },
  SAME_GPU: { name: 'Same GPU', means: 'The same GPU as a share of a bigger machine, or a variant of it with at least the memory' },
  NEAREST: { name: 'Nearest', means: 'Another GPU of the same maker, with at least the memory and at least 0.8 of the speed and bandwidth' },
};

export const SIZINGS = {
  GPU_SHARE: { name: 'GPU share', means: 'Charged for the GPUs needed, not for the whole machine' },
  WHOLE_INSTANCE: { name: 'Whole machine', means: 'Charged for the whole machine, as it is sold' },
};

// What the other side is: the public list, or what this account has negotiated or knows better.
export const LISTED = { one: 'list price', many: 'list prices', short: 'list' };
export const OWN_TERMS = { one: 'price on your terms', many: 'prices on your terms', short: 'net' };

// What is worth a word about where a price comes from; nothing where it is the seller's own list.
export const TRUST = {
  HOST: 'your own price',
  COLLECTED: 'price collected by others',
  MARKET_OFFER: 'a market offer, not a list price',
  UNCONFIRMED: 'price read once, unconfirmed',
};

export function number(value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

// Days before months, hours up to 24, in English too.
const DAYS = locale === 'en-US' ? 'en-GB' : locale;

const formats = new Map();

function format(options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(locale, { roundingMode: 'halfEven', ...options }));
  }
  return formats.get(key);
}

// A true minus sign (read aloud, unlike a hyphen), and no minus before what rounds to zero.
function written(value, options) {
  const text = format(options).format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? '\u2212' + text : text;
}

export function usd(value, decimals = 2) {
  const v = number(value);
  if (v === null) return UNKNOWN;
  return written(v, { style: 'currency', currency: 'USD', minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

// Hourly rates: two to four decimals. `least` lets a column agree on one number of decimals.
export function rate(value, least = 2) {
  const v = number(value);
  if (v === null) return UNKNOWN;
  return written(v, { style: 'currency', currency: 'USD', minimumFractionDigits: least, maximumFractionDigits: 4 });
}

export function signedRate(value, least = 2) {
  const text = rate(value, least);
  return number(value) > 0 ? '+' + text : text;
}

export function decimalsOf(values) {
  const needed = values.map(number).filter((v) => v !== null).map((v) => (v.toFixed(4).replace(/0+$/, '').split('.')[1] ?? '').length);
  return Math.min(4, Math.max(2, ...needed));
}

export function plain(value, decimals = 2) {
  const v = number(value);
  return v === null ? UNKNOWN : written(v, { maximumFractionDigits: decimals });
}

export function hours(value) {
  const v = number(value);
  if (v === null) return UNKNOWN;
  return written(v, { minimumFractionDigits: 1, maximumFractionDigits: 1 }) + '\u00a0h';
}

// One decimal; never claims a round 100 or 0 that is not quite reached.
export function percent(value) {
  const v = number(value);
  if (v === null) return UNKNOWN;
  const size = Math.abs(v);
  const sign = v < 0 ? '\u2212' : '';
  if (size > 0 && size < 0.05) return `${sign}<${plain(0.1)}%`;
  if (size < 100 && size >= 99.95) return `${sign}>${plain(99.9)}%`;
  return written(v, { maximumFractionDigits: 1 }) + '%';
}

export function count(n, one, many = one + 's') {
  return `${plain(n, 0)} ${t(n === 1 ? one : many)}`;
}

export function clockTime(ms) {
  const when = new Date(ms);
  if (Number.isNaN(when.getTime())) return UNKNOWN;
  const time = when.toLocaleTimeString(DAYS);
  return when.toDateString() === new Date().toDateString()
    ? time
    : `${when.toLocaleDateString(DAYS, { day: 'numeric', month: 'short' })}, ${time}`;
}

// A date of the server's, as it is: no shift into the reader's time zone. The API writes a day, an hour or a month's first day.
export function day(text, options = { day: 'numeric', month: 'long', year: 'numeric' }) {
  const when = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  return Number.isNaN(when.getTime()) ? UNKNOWN : when.toLocaleDateString(DAYS, { timeZone: 'UTC', ...options });
}
