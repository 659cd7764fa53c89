// A small box under a button: a list of actions, or anything else that is chosen from.
import { button, el } from './dom.js';

let closeOpen = null;

/**
 * Opens a box under a button and closes it at Esc, at a click elsewhere, or when an action was chosen.
 * Entries are elements, or pairs of a label and a function. Returns what closes the box.
 */
export function menu(anchor, entries) {
  if (closeOpen) {
    const wasOwn = closeOpen.anchor === anchor;
    closeOpen();
    if (wasOwn) return () => {};
  }
  const box = el('div', { class: 'menu', role: 'dialog', 'aria-label': anchor.getAttribute('aria-label') ?? anchor.textContent },
    entries.map((entry) => (entry instanceof Node ? entry
      : button(entry[0], () => { close(); entry[1](); }, { class: 'menu-item' }))));
  const host = anchor.closest('dialog, .panel.full') ?? document.body;
  host.append(box);
  place(box, anchor);
  anchor.setAttribute('aria-expanded', 'true');
  const outside = (event) => { if (!box.contains(event.target) && !anchor.contains(event.target)) close(); };
  const key = (event) => {
    if (event.key === 'Escape') { event.stopPropagation(); event.preventDefault(); close(); anchor.focus(); }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') move(event);
  };
  function move(event) {
    const items = [...box.querySelectorAll('button, input')];
    const at = items.indexOf(document.activeElement);
    const next = items[(at + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length];
    if (next) { event.preventDefault(); next.focus(); }
  }
  function close() {
    box.remove();
    anchor.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside, true);
    document.removeEventListener('keydown', key, true);
    if (closeOpen === close) closeOpen = null;
  }
  close.anchor = anchor;
  closeOpen = close;
  document.addEventListener('pointerdown', outside, true);
  document.addEventListener('keydown', key, true);
  box.querySelector('input, button')?.focus();
  return close;
}

function place(box, anchor) {
  const at = anchor.getBoundingClientRect();
  const width = box.offsetWidth;
  const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8));
  const isFixed = box.parentElement !== document.body;
  box.style.left = `${left + (isFixed ? 0 : scrollX)}px`;
  box.style.top = `${at.bottom + 6 + (isFixed ? 0 : scrollY)}px`;
  if (isFixed) box.style.position = 'fixed';
}
