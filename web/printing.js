// Paper is light and as wide as it is, whatever the window: charts are pictures, and are drawn anew for it.
import { byId } from './dom.js';

/** Has `redraw` called for paper before printing, and for the screen after it. */
export function listenForPrinting(redraw) {
  const root = document.documentElement;
  const sheet = byId('print-sheet');
  let theme;
  addEventListener('beforeprint', () => {
    theme = root.dataset.theme;
    root.dataset.theme = 'light';
    root.dataset.printing = 'true';
    sheet.media = 'all';
    redraw();
  });
  addEventListener('afterprint', () => {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    delete root.dataset.printing;
    sheet.media = 'print';
    redraw();
  });
}
