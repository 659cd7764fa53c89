// Everything by keyboard.
import { byId, el, iconButton } from './dom.js';
import { ranges } from './state.js';

const list = [
  ['/', 'Search posts by hashtag'], ['[  ]', 'Shorter or longer range'], ['p', 'Pause or go on'],
  ['r', 'Refresh now'], ['c', 'Compare with the period before'], ['d', 'Light or dark'],
  ['f', 'Choose filters'], ['x', 'Clear all filters'], ['Esc', 'Close, or undo the last filter'], ['?', 'These keys'],
];

export function help() {
  const dialog = byId('dialog');
  dialog.replaceChildren(
    el('div', { class: 'dialog-head' }, el('h2', { id: 'dialog-title', text: 'Keys' }), iconButton('close', 'Close', () => dialog.close())),
    el('dl', { class: 'keys' }, list.flatMap(([key, text]) => [el('dt', {}, el('kbd', { text: key })), el('dd', { text })])),
    el('p', { class: 'muted', text: 'A click on a bar, a slice or a legend filters everything; dragging over a chart of time sets the range.' }));
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
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  const step = (by) => {
    const at = ranges.indexOf(page.state.range);
    const next = ranges[Math.min(ranges.length - 1, Math.max(0, (at < 0 ? 2 : at) + by))];
    page.change({ range: next, since: null, until: null });
  };
  const actions = {
    '/': () => { const search = byId('search'); search.scrollIntoView({ block: 'center' }); search.focus(); },
    '[': () => step(-1), ']': () => step(1),
    p: () => page.change({ live: !page.state.live }, true),
    r: () => page.refresh(), c: () => page.change({ compare: !page.state.compare }),
    d: () => bar.toggleTheme(), f: () => byId('filter-platform').click(),
    x: () => page.change({ platform: [], sentiment: [], topic: [], viral: false }),
    '?': help,
    Escape: () => {
      const full = document.querySelector('.panel.full');
      if (full) { full.classList.remove('full'); document.body.classList.remove('has-full'); } else page.undo();
    },
  };
}
