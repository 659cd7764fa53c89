// Everything by keyboard.
import { byId, el, iconButton } from './dom.js';
import { ranges, unfiltered } from './state.js';

/** Moves to a shorter or longer range. */
function step(page, by) {
  const at = ranges.indexOf(page.state.range);
  const next = ranges[Math.min(ranges.length - 1, Math.max(0, (at < 0 ? 2 : at) + by))];
  if (next !== page.state.range) page.change({ range: next, since: null, until: null });
}

/** The keys in the order of the help: what each is for, and what it does. */
const keys = [
  ['/', 'Search posts by hashtag', () => {
    const search = byId('search');
    search.scrollIntoView({ block: 'center' });
    search.focus();
  }],
  ['[', 'Shorter range', (page) => step(page, -1)],
  [']', 'Longer range', (page) => step(page, 1)],
  ['p', 'Pause or go on', (page) => page.change({ live: !page.state.live }, true)],
  ['r', 'Refresh now', (page) => page.refresh()],
  ['c', 'Compare with the period before', (page) => page.change({ compare: !page.state.compare })],
  ['d', 'Light or dark', (page, bar) => bar.toggleTheme()],
  ['f', 'Choose filters', () => byId('filter-platform').click()],
  ['x', 'Clear all filters', (page) => page.change(unfiltered)],
  ['Escape', 'Close, or undo the last step', (page) => {
    const full = document.querySelector('.panel.full');
    if (!full) return page.undo();
    full.classList.remove('full');
    document.body.classList.remove('has-full');
  }],
  ['?', 'These keys', () => help()],
];

export function help() {
  const dialog = byId('dialog');
  dialog.replaceChildren(
    el('div', { class: 'dialog-head' }, el('h2', { id: 'dialog-title', text: 'Keys' }), iconButton('close', 'Close', () => dialog.close())),
    el('dl', { class: 'keys' }, keys.flatMap(([key, text]) => [el('dt', {}, el('kbd', { text: key === 'Escape' ? 'Esc' : key })), el('dd', { text })])),
    el('p', { class: 'muted', text: 'A click on a platform, a sentiment or a topic, in a chart or its legend, filters everything; one on a hashtag searches the posts. Dragging over a chart of time sets the range.' }));
  dialog.showModal();
}

/** Listens. `page` has change, undo, refresh, and the state. */
export function listen(page, bar) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.('input, select, textarea')) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    if (document.querySelector('dialog[open]')) return;
    const [, , act] = keys.find(([key]) => key === event.key) ?? [];
    if (!act) return;
    event.preventDefault();
    act(page, bar);
  });
}
