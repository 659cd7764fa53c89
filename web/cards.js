// The key figures: a card for each, with its change against the period before and its course.
import { byId, el, svg } from './dom.js';
import { ask } from './api.js';
import { cell, change, compact, words } from './format.js';
import { course, instants } from './course.js';

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
    const [[now], earlier, rows] = await Promise.all([
      ask('kpis', this.page.fields(this.query), signal),
      before ? ask('kpis', before, signal).catch(() => null) : null,
      courseQuery ? ask('kpis-over-time', this.page.fields(courseQuery), signal).catch(() => null) : null,
    ]);
    for (const [name, card] of this.cards) this.show(card, name, now, earlier?.[0], rows && { query: courseQuery, rows });
    return now;
  }

  show(card, name, now, before, over) {
    const { column } = card;
    card.element.classList.remove('loading');
    card.value.textContent = column.kind === 'percent' ? cell(now[name], 'percent') : compact(now[name]);
    card.value.title = cell(now[name], column.kind);
    const difference = before ? change(now[name], before[name]) : null;
    card.note.className = `card-note ${difference && !difference.flat ? (difference.up ? 'up' : 'down') : ''}`;
    card.note.textContent = difference ? noteOf(difference) : '';
    card.note.title = before ? `${cell(before[name], column.kind)} in the period before` : '';
    card.course.replaceChildren(...(over ? sparkline(this.courseOf(over, column)) : []));
  }

  /** Pairs of instant and value. */
  courseOf({ query, rows }, { name }) {
    const measure = query.columns.find((column) => column.name === name);
    if (!measure) return [];
    return course(rows, 'bucket', measure, instants(rows, 'bucket', this.page.bucketOf(query), this.page.state.tz));
  }
}

function noteOf({ text, up, flat, isNew }) {
  if (flat) return 'as before';
  return isNew ? text : `${up ? '▲' : '▼'} ${text}`;
}

/** Lines through the values of a course, as wide as their place; there are none where nothing is known. */
function sparkline(points) {
  const values = points.map(([, value]) => value).filter((value) => value !== null);
  if (values.length < 2) return [];
  const [first, last] = [points[0][0], points.at(-1)[0]];
  const [low, high] = [Math.min(...values, 0), Math.max(...values)];
  const runs = [[]];
  for (const [instant, value] of points) {
    if (value === null) { runs.push([]); continue; }
    const y = high > low ? 29 - (value - low) / (high - low) * 26 : 16;
    runs.at(-1).push([(instant - first) / (last - first) * 100, y].map((number) => number.toFixed(2)));
  }
  return [svg('svg', { viewBox: '0 0 100 30', preserveAspectRatio: 'none', class: 'sparkline' },
    ...runs.filter((run) => run.length > 0).flatMap((run) => {
      const line = run.map((point) => point.join(',')).join(' ');
      return [
        svg('polygon', { points: `${run[0][0]},30 ${line} ${run.at(-1)[0]},30` }),
        // A single point is drawn by the round end of a line that leads nowhere.
        svg('polyline', { points: run.length > 1 ? line : `${line} ${line}`, 'vector-effect': 'non-scaling-stroke' })];
    }))];
}
