// Savings per day as bars around zero: plain SVG, drawn at the size it is shown, so that its text is never scaled.

import { day, hours, usd } from './format.js';

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 220;
const TOP = 10;
const BOTTOM = 26;

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

export function describe(row, partial) {
  const label = day(row.date, { weekday: 'short', day: 'numeric', month: 'short' });
  const when = partial ? `${label} so far` : label;
  if (row.hours_used === 0) return `${when}: no usage`;
  return comparedHours(row) === 0 ? `${when}: nothing compared` : `${when}: ${usd(row.savings)} in ${hours(comparedHours(row))}`;
}

export function draw(holder, rows, partialDate, onPoint) {
  holder.replaceChildren();
  const width = Math.floor(holder.clientWidth);
  if (!rows.length || width < 120) return;

  const values = rows.map((row) => row.savings ?? 0);
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values));
  const step = marks.length > 1 ? marks[1] - marks[0] : 1;
  const labels = marks.map((mark) => axisText(mark, step));
  const left = 12 + 7 * Math.max(...labels.map((label) => label.length));
  const low = marks[0];
  const high = marks[marks.length - 1];
  const y = (value) => TOP + ((high - value) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const slot = (width - left) / rows.length;
  const bar = Math.max(2, Math.min(22, slot * 0.68));

  const svg = element('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', 'aria-label': 'Savings per day, bar chart. The same figures follow as a table.' });
  marks.forEach((mark, i) => {
    const zero = Math.abs(mark) < step / 2;
    svg.append(element('line', { x1: left, x2: width, y1: y(mark), y2: y(mark), class: zero ? 'zero' : 'rule' }));
    svg.append(element('text', { x: left - 8, y: y(mark) + 4, 'text-anchor': 'end' }, labels[i]));
  });

  const every = Math.max(1, Math.ceil(64 / slot));
  rows.forEach((row, i) => {
    const partial = row.date === partialDate;
    const group = element('g', { class: partial ? 'day partial' : 'day' });
    const x = left + i * slot;
    const value = values[i];
    group.append(element('title', {}, describe(row, partial)));
    group.append(element('rect', { x, y: TOP, width: slot, height: HEIGHT - TOP - BOTTOM, class: 'hit' }));
    if (value !== 0) {
      const tall = Math.max(1.5, Math.abs(y(value) - y(0)));
      group.append(element('rect', {
        x: x + (slot - bar) / 2, y: value > 0 ? y(0) - tall : y(0), width: bar, height: tall, rx: Math.min(2, bar / 4), class: value > 0 ? 'bar' : 'bar below',
      }));
    }
    group.addEventListener('pointerenter', () => onPoint(row, partial));
    svg.append(group);
    if ((rows.length - 1 - i) % every === 0 && x + slot / 2 - left > 14) {
      const last = i === rows.length - 1;
      svg.append(element('text', { x: last ? width : x + slot / 2, y: HEIGHT - 6, 'text-anchor': last ? 'end' : 'middle' }, day(row.date, { day: 'numeric', month: 'short' })));
    }
  });
  svg.addEventListener('pointerleave', () => onPoint(null));
  holder.append(svg);
}
