// The key figures: a card for each, with its change against the period before and its course.
import { byId, el, svg } from './dom.js';
import { ask } from './api.js';
import { cell, change, compact, words } from './format.js';

const names = { posts: 'Total posts', avg_engagement_rate: 'Average engagement' };

export class Cards {
  constructor(page) {
    this.page = page;
    this.query = page.describe('kpis');
    this.cards = new Map((this.query?.columns ?? []).map((column) => [column.name, this.card(column)]));
    byId('cards').append(...[...this.cards.values()].map(({ element }) => element));
  }

  card(column) {
    const value = el('p', { class: 'card-value', text: ' ' });
    const note = el('p', { class: 'card-note' });
    const course = el('div', { class: 'card-course', 'aria-hidden': 'true' });
    const element = el('article', { class: 'card loading', data: { name: column.name } },
      el('h2', { text: names[column.name] ?? words(column.name) }), value, note, course);
    return { element, value, note, course, column };
  }

  async update(signal) {
    if (!this.query) return null;
    const before = this.page.fieldsBefore(this.query);
    const courseQuery = this.page.describe('kpis-over-time');
    const [[now], earlier, course] = await Promise.all([
      ask('kpis', this.page.fields(this.query), signal),
      before ? ask('kpis', before, signal).catch(() => null) : null,
      courseQuery ? ask('kpis-over-time', this.page.fields(courseQuery), signal).catch(() => null) : null,
    ]);
    for (const [name, card] of this.cards) this.show(card, name, now, earlier?.[0], course);
    return now;
  }

  show(card, name, now, before, course) {
    const { column } = card;
    card.element.classList.remove('loading');
    card.value.textContent = column.kind === 'percent' ? cell(now[name], 'percent') : compact(now[name]);
    card.value.title = cell(now[name], column.kind);
    const difference = before ? change(now[name], before[name]) : null;
    card.note.className = `card-note ${difference && !difference.flat ? (difference.up ? 'up' : 'down') : ''}`;
    card.note.textContent = difference
      ? (difference.flat ? 'as before' : `${difference.up ? '▲' : '▼'} ${difference.text}`) : '';
    card.note.title = before ? `${cell(before[name], column.kind)} in the period before` : '';
    const values = course?.map((row) => row[name]).filter((value) => value !== null && value !== undefined) ?? [];
    card.course.replaceChildren(...(values.length > 1 ? [sparkline(values)] : []));
  }
}

/** A line of values, as wide as its place. */
function sparkline(values) {
  const [low, high] = [Math.min(...values, 0), Math.max(...values)];
  const points = values.map((value, index) => {
    const x = index / (values.length - 1) * 100;
    const y = high > low ? 29 - (value - low) / (high - low) * 26 : 16;
    return `${x.toFixed(2)},${y.toFixed(2)}`;
  });
  return svg('svg', { viewBox: '0 0 100 30', preserveAspectRatio: 'none', class: 'sparkline' },
    svg('polygon', { points: `0,30 ${points.join(' ')} 100,30` }),
    svg('polyline', { points: points.join(' '), 'vector-effect': 'non-scaling-stroke' }));
}
