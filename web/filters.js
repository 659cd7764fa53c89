// Filters by platform, sentiment and topic: any of several values, with how many posts each has.
import { byId, button, el, icon } from './dom.js';
import { compact } from './format.js';
import { ask } from './api.js';
import { isFiltered, scope, unfiltered } from './state.js';
import { colourOf } from './theme.js';
import { menu } from './menu.js';

/** What a filter chooses from: a query that counts the posts of each value. */
export const sources = {
  platform: ['posts-by-platform', {}], sentiment: ['engagement-by-sentiment', {}],
  topic: ['top-topics', { limit: 10000 }],
};

export class Filters {
  /** `change` takes a part of the state. */
  constructor(change) {
    this.change = change;
    this.buttons = Object.keys(sources).map((name) => {
      const element = el('button', { type: 'button', class: 'filter', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', id: `filter-${name}` });
      element.addEventListener('click', () => this.open(name, element));
      return [name, element];
    });
    this.viral = button('Viral only', () => change({ viral: !this.state.viral }), { class: 'filter', id: 'filter-viral' });
    this.chips = el('div', { class: 'chips' });
    this.clear = button('Clear all', () => change(unfiltered), { class: 'link', id: 'clear' });
    byId('filters').append(...this.buttons.map(([, element]) => element), this.viral, this.chips, this.clear);
  }

  show(state) {
    this.state = state;
    for (const [name, element] of this.buttons) {
      const count = state[name].length;
      element.replaceChildren(name[0].toUpperCase() + name.slice(1),
        ...(count ? [el('span', { class: 'badge', text: count })] : []), icon('chevron'));
      element.classList.toggle('active', count > 0);
    }
    this.viral.setAttribute('aria-pressed', String(state.viral));
    this.clear.hidden = !isFiltered(state);
    this.chips.replaceChildren(...Object.keys(sources).flatMap((name) => state[name].map((value) => {
      const chip = button('', () => this.toggle(name, value), { class: 'chip', 'aria-label': `Remove ${name} ${value}` });
      const colour = colourOf(name, value);
      const mark = el('span', { class: 'mark', 'aria-hidden': 'true' });
      if (colour) mark.style.setProperty('--mark', colour);
      chip.append(...(colour ? [mark] : []), el('span', { class: 'clip', text: value }), icon('close'));
      return chip;
    })));
  }

  /** Adds a value to a filter, or takes it away. */
  toggle(name, value) {
    const values = this.state[name];
    this.change({ [name]: values.includes(value) ? values.filter((other) => other !== value) : [...values, value] });
  }

  open(name, anchor) {
    const search = el('input', { type: 'search', placeholder: `Search ${name}s`, 'aria-label': `Search ${name}s` });
    const list = el('div', { class: 'options' }, el('p', { class: 'muted', text: 'Counting…' }));
    menu(anchor, [search, list]);
    const [query, more] = sources[name];
    const fields = scope(this.state, name);
    for (const [field, value] of Object.entries(more)) fields.set(field, value);
    ask(query, fields).then((rows) => {
      const counts = new Map(rows.map((row) => [row[name], row.posts]));
      // A value that is chosen stays in the list, also where it has no posts.
      for (const value of this.state[name]) if (!counts.has(value)) counts.set(value, 0);
      const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
      const show = () => {
        const wanted = search.value.trim().toLowerCase();
        const found = sorted.filter(([value]) => value.toLowerCase().includes(wanted));
        list.replaceChildren(...found.map(([value, posts]) => this.option(name, value, posts)),
          ...(found.length ? [] : [el('p', { class: 'muted', text: 'Nothing like that.' })]));
      };
      search.addEventListener('input', show);
      show();
    }, (error) => list.replaceChildren(el('p', { class: 'muted', text: error.message })));
  }

  option(name, value, posts) {
    const box = el('input', { type: 'checkbox' });
    box.checked = this.state[name].includes(value);
    box.addEventListener('change', () => this.toggle(name, value));
    const mark = el('span', { class: 'mark', 'aria-hidden': 'true' });
    const colour = colourOf(name, value);
    if (colour) mark.style.setProperty('--mark', colour);
    return el('label', { class: 'option' }, box, colour ? mark : null,
      el('span', { class: 'grow', text: value }), el('span', { class: 'muted number', text: compact(posts) }));
  }
}
