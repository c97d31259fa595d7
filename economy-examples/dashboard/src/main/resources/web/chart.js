// Bars around zero or lines over time: plain SVG, drawn at the size it is shown, so that its text is never scaled. However many rows
// there are, it is a handful of nodes: bars and lines are one path each, and one listener finds the row under the pointer.

import { day, hours, usd } from './format.js';
import { t } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 220;
const TOP = 10;
const BOTTOM = 26;

const SERIES = {
  savings: [{ of: (row) => row.savings, kind: 'bar' }],
  costs: [{ of: (row) => row.provider_cost, kind: 'line list' }, { of: (row) => row.dumont_cost, kind: 'line own' }],
  cumulative: [{ of: (row) => row.cumulative_savings, kind: 'line own' }],
};

function element(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

// Steps of 1, 2 or 5 times a power of ten that enclose low..high and zero.
function ticks(low, high) {
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span / 3));
  const step = [1, 2, 5, 10].map((n) => n * power).find((s) => span / s <= 4.5);
  const marks = [];
  for (let i = Math.floor(low / step + 1e-9); i <= Math.ceil(high / step - 1e-9); i++) marks.push(i * step);
  return marks;
}

function axisText(value, step) {
  return usd(value, step < 0.01 ? 4 : step < 1 ? 2 : 0);
}

// Money speaks of compared hours; the hours used may be more.
export function comparedHours(row) {
  return row.compared_hours ?? row.hours_used;
}

export function when(row, options = { weekday: 'short', day: 'numeric', month: 'short' }) {
  return row.date.includes('T') ? `${day(row.date, { day: 'numeric', month: 'short' })} ${row.date.slice(11, 16)}` : day(row.date, options);
}

export function describe(row, partial) {
  const label = partial ? t('{day} so far', { day: when(row) }) : when(row);
  if (row.hours_used === 0) return t('{day}: no usage', { day: label });
  if (comparedHours(row) === 0) return t('{day}: nothing compared', { day: label });
  return t('{day}: {savings} in {hours}, paid {paid} against {list}; {cumulative} in all', {
    day: label, savings: usd(row.savings), hours: hours(comparedHours(row)), paid: usd(row.dumont_cost), list: usd(row.provider_cost), cumulative: usd(row.cumulative_savings),
  });
}

export function draw(holder, rows, partialDate, shown, onPoint) {
  holder.replaceChildren();
  const width = Math.floor(holder.clientWidth);
  if (!rows.length || width < 120) return;

  const series = SERIES[shown];
  const values = series.flatMap(({ of }) => rows.map((row) => of(row) ?? 0));
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values));
  const step = marks.length > 1 ? marks[1] - marks[0] : 1;
  const labels = marks.map((mark) => axisText(mark, step));
  const left = 12 + 7 * Math.max(...labels.map((label) => label.length));
  const low = marks[0];
  const high = marks[marks.length - 1];
  const y = (value) => TOP + ((high - value) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const slot = (width - left) / rows.length;
  const middle = (i) => left + (i + 0.5) * slot;
  const bar = Math.max(0.6, Math.min(22, slot * 0.68));

  const svg = element('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', tabindex: 0, 'aria-label': t('Savings over time. Arrow keys read out one row after the other; the same figures follow as a table.') });
  const mark = element('rect', { x: 0, y: TOP, width: Math.max(1, slot), height: HEIGHT - TOP - BOTTOM, class: 'mark', visibility: 'hidden' });
  svg.append(mark);
  marks.forEach((value, i) => {
    const zero = Math.abs(value) < step / 2;
    svg.append(element('line', { x1: left, x2: width, y1: y(value), y2: y(value), class: zero ? 'zero' : 'rule' }));
    svg.append(element('text', { x: left - 8, y: y(value) + 4, 'text-anchor': 'end' }, labels[i]));
  });

  for (const { of, kind } of series) {
    if (kind === 'bar') {
      const paths = { bar: '', 'bar below': '', 'bar partial': '' };
      rows.forEach((row, i) => {
        const value = of(row) ?? 0;
        if (value === 0) return;
        const tall = Math.max(1.5, Math.abs(y(value) - y(0)));
        const x = middle(i) - bar / 2;
        const top = value > 0 ? y(0) - tall : y(0);
        paths[value < 0 ? 'bar below' : row.date === partialDate ? 'bar partial' : 'bar'] += `M${x.toFixed(1)} ${top.toFixed(1)}h${bar.toFixed(1)}v${tall.toFixed(1)}h${(-bar).toFixed(1)}z`;
      });
      for (const [name, d] of Object.entries(paths)) if (d) svg.append(element('path', { d, class: name }));
    } else {
      const d = rows.map((row, i) => `${i ? 'L' : 'M'}${middle(i).toFixed(1)} ${y(of(row) ?? 0).toFixed(1)}`).join('');
      svg.append(element('path', { d, class: kind }));
    }
  }

  const every = Math.max(1, Math.ceil(72 / slot));
  rows.forEach((row, i) => {
    if ((rows.length - 1 - i) % every !== 0 || middle(i) - left <= 14) return;
    const last = i === rows.length - 1;
    svg.append(element('text', { x: last ? width : middle(i), y: HEIGHT - 6, 'text-anchor': last ? 'end' : 'middle' }, day(row.date, { day: 'numeric', month: 'short' })));
  });

  let at = null;
  const point = (i) => {
    at = i;
    mark.setAttribute('visibility', i === null ? 'hidden' : 'visible');
    if (i !== null) mark.setAttribute('x', left + i * slot);
    onPoint(i === null ? null : rows[i], i !== null && rows[i].date === partialDate);
  };
  svg.addEventListener('pointermove', (event) => {
    const i = Math.floor((event.clientX - svg.getBoundingClientRect().left - left) / slot);
    if (i !== at && i >= 0 && i < rows.length) point(i);
  });
  svg.addEventListener('pointerdown', (event) => svg.dispatchEvent(new PointerEvent('pointermove', event)));
  svg.addEventListener('pointerleave', () => point(null));
  svg.addEventListener('keydown', (event) => {
    const last = rows.length - 1;
    const to = { ArrowLeft: (at ?? rows.length) - 1, ArrowRight: (at ?? -1) + 1, Home: 0, End: last }[event.key];
    if (event.key === 'Escape') point(null);
    if (to === undefined) return;
    event.preventDefault();
    point(Math.min(last, Math.max(0, to)));
  });
  holder.append(svg);
}
