// Tables of answers: sortable by any column, by mouse and by keyboard.
import { button, el } from './dom.js';
import { cell, number, words } from './format.js';
import { colourOf } from './theme.js';

const isNumeric = (kind) => ['count', 'number', 'percent'].includes(kind);

export class Table {
  /**
   * `options`: caption; columns to show, by name; row(row) → what a click on a row does; mark(row) → a
   * class for the row; page, how many rows are shown at once; newest, how many rows there are at most, of
   * more.
   */
  constructor(options = {}) {
    this.options = options;
    this.sort = null;
    this.page = 0;
    this.element = el('div', { class: 'table' });
  }

  show(query, rows) {
    this.query = query;
    this.rows = rows;
    this.draw();
  }

  draw() {
    const { options, query } = this;
    const columns = options.columns
      ? options.columns.map((name) => query.columns.find((column) => column.name === name)).filter(Boolean)
      : query.columns;
    const rows = this.sorted();
    const size = options.page ?? rows.length;
    const pages = Math.max(1, Math.ceil(rows.length / Math.max(1, size)));
    this.page = Math.min(this.page, pages - 1);
    const shown = rows.slice(this.page * size, (this.page + 1) * size);
    const table = el('table', {},
      el('caption', { class: 'hidden', text: options.caption ?? query.title }),
      el('thead', {}, el('tr', {}, columns.map((column) => this.heading(column)))),
      el('tbody', {}, shown.map((row) => this.row(row, columns))));
    const scroller = el('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': options.caption ?? query.title }, table);
    this.element.replaceChildren(
      rows.length ? scroller : el('p', { class: 'muted nothing', text: options.nothing ?? 'Nothing in this window.' }),
      ...(pages > 1 ? [this.pager(pages, rows.length, size)] : []));
  }

  heading(column) {
    const isSorted = this.sort?.name === column.name;
    const arrow = isSorted ? (this.sort.down ? ' ↓' : ' ↑') : '';
    return el('th', {
      scope: 'col', class: isNumeric(column.kind) ? 'number' : '',
      'aria-sort': isSorted ? (this.sort.down ? 'descending' : 'ascending') : undefined,
    }, button(words(column.name) + arrow, () => {
      this.sort = { name: column.name, down: isSorted ? !this.sort.down : isNumeric(column.kind) || column.kind === 'time' };
      this.page = 0;
      this.draw();
      this.element.querySelector(`th[aria-sort] button`)?.focus();
    }, { class: 'sort' }));
  }

  row(row, columns) {
    const { options } = this;
    const cells = columns.map((column, index) => {
      const text = cell(row[column.name], column.kind);
      const content = el('span', { text, class: column.kind === 'text' || column.kind === 'id' ? 'clip' : '', title: text.length > 24 ? text : undefined });
      const colour = colourOf(column.name, row[column.name]);
      const mark = colour && el('span', { class: 'mark', 'aria-hidden': 'true' });
      if (mark) mark.style.setProperty('--mark', colour);
      const inner = index === 0 && options.row
        ? button('', () => options.row(row), { class: 'link cell-link', 'aria-label': `${text}: more` }) : null;
      if (inner) inner.append(content);
      return el('td', { class: isNumeric(column.kind) ? 'number' : column.kind }, mark || null, inner ?? content);
    });
    return el('tr', { class: options.mark?.(row) ?? '' , on: options.row ? {
      click: (event) => { if (!event.target.closest('button')) options.row(row); },
    } : {} }, cells);
  }

  pager(pages, count, size) {
    const go = (page) => () => { this.page = page; this.draw(); };
    const first = this.page * size + 1;
    return el('div', { class: 'pager' },
      button('‹ Previous', go(this.page - 1), this.page === 0 ? { disabled: true } : {}),
      el('span', { class: 'muted', text: `${first}–${Math.min(count, first + size - 1)} of ${count === this.options.newest ? 'the newest ' : ''}${number(count)}` }),
      button('Next ›', go(this.page + 1), this.page === pages - 1 ? { disabled: true } : {}));
  }

  sorted() {
    if (!this.sort) return this.rows;
    const { name, down } = this.sort;
    const order = (a, b) => {
      if (a === b) return 0;
      if (a === null) return 1;
      if (b === null) return -1;
      const way = typeof a === 'string' ? a.localeCompare(b) : Number(a) - Number(b);
      return down ? -way : way;
    };
    return [...this.rows].sort((a, b) => order(a[name], b[name]));
  }
}
