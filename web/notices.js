// What the page says when there is nothing to show, or something is wrong.
import { byId, button, el } from './dom.js';
import { isPassing } from './api.js';
import { isFiltered, unfiltered } from './state.js';

export class Notices {
  constructor(page) {
    this.page = page;
    this.place = byId('notices');
    this.key = '';
    this.known = {};
  }

  /** Shows what stands in the way: a problem, that no post is like that, that charts cannot be drawn. What is not named is as before. */
  show(part) {
    this.known = { ...this.known, ...part };
    const { problem, posts, chartsMissing, broken } = this.known;
    const key = JSON.stringify([problem?.code, problem?.message, posts === 0, chartsMissing, broken, location.search]);
    if (key === this.key) return;
    this.key = key;
    const notices = [];
    if (problem) notices.push(this.problem(problem));
    else if (posts === 0) notices.push(this.empty());
    if (chartsMissing) {
      notices.push(el('p', { class: 'notice', text: 'Charts are shown as tables: run script/bootstrap, which fetches the charts library, and start socialq serve again.' }));
    }
    for (const { name, problem: text } of broken ?? []) {
      notices.push(el('p', { class: 'notice warning', text: `The query '${name}' is left out: ${text}` }));
    }
    this.place.replaceChildren(...notices);
    document.body.classList.toggle('is-empty', problem?.code === 'no-store' || posts === 0);
  }

  problem(problem) {
    if (problem.code === 'no-store') return this.fill('There is no store yet', problem.message);
    const isFilter = problem.code === 'not-in-store';
    return el('div', { class: 'notice warning', role: 'alert' },
      el('strong', { text: problem.status === 0 ? 'No connection' : 'No answer' }), el('p', { text: problem.message }),
      isPassing(problem) ? el('p', { class: 'muted', text: 'What is shown may be old. The page tries again by itself.' }) : null,
      isFilter ? button('Clear the filters', () => this.page.change(unfiltered), { class: 'primary' }) : null,
      button('Try again', () => this.page.refresh()));
  }

  empty() {
    const { state } = this.page;
    if (this.page.isStoreEmpty) return this.fill('There are no posts yet', 'The store is there, and empty.');
    const isAll = state.range === 'all';
    return el('div', { class: 'notice hero', id: 'no-match' },
      el('h2', { text: isFiltered(state) ? 'No posts match these filters' : 'No posts in this window' }),
      el('p', { class: 'muted', text: isFiltered(state) ? 'There are posts, but none that passes all filters in this window.' : 'There are posts, but not at this time.' }),
      el('div', { class: 'actions' },
        isFiltered(state) ? button('Clear the filters', () => this.page.change(unfiltered), { class: 'primary' }) : null,
        isAll ? null : button('Show all time', () => this.page.change({ range: 'all', since: null, until: null }))));
  }

  fill(title, text) {
    return el('div', { class: 'notice hero', id: 'no-data' }, el('h2', { text: title }), el('p', { class: 'muted', text }),
      el('p', { text: 'These commands fill it:' }),
      el('pre', { tabindex: 0 }, el('code', { text: 'social-broker --address-file address &\nsocial-consumer --brokers "$(cat address)" &\nsocial-producer --brokers "$(cat address)" --backfill 1d --max-lag 20000' })),
      el('p', { class: 'muted', text: 'With a Kafka of your own: social-consumer --brokers HOST:PORT. The page shows posts as soon as there are any.' }));
  }
}
