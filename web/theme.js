// Colours. A platform has the same colour in every chart; the colours differ also for eyes that do not
// tell red from green (after Okabe and Ito).

const known = {
  Facebook: '#0072b2', Instagram: '#cc79a7', LinkedIn: '#56b4e9', TikTok: '#009e73',
  Twitter: '#e69f00', X: '#e69f00', YouTube: '#d55e00', Reddit: '#8c6bb1', Threads: '#7a7f8a',
};
const sentiments = { positive: '#009e73', neutral: '#8a93a3', negative: '#d55e00' };

/** Colours for what has none of its own, in order. */
export const palette = ['#2f6fde', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8c6bb1', '#7a7f8a'];

/** The colour of a value of a column; undefined if it has none of its own. */
export function colourOf(column, value) {
  if (column === 'measure' && value.startsWith('previous_')) return '#9aa7ba';
  if (column === 'platform') return known[value] ?? palette[hash(value) % palette.length];
  return sentiments[value] && (column === 'sentiment' || column === 'measure') ? sentiments[value] : undefined;
}

function hash(text) {
  let sum = 0;
  for (const character of String(text)) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return sum;
}

/** The value of a colour of the style sheet, for what is drawn on a canvas. */
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Whether the page is dark now. */
export const isDark = () =>
  document.documentElement.dataset.theme === 'dark' ||
  (document.documentElement.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);

/** Chooses light or dark, for this browser; `?theme=` holds for one page only. */
export function setTheme(theme, isKept = true) {
  document.documentElement.dataset.theme = theme;
  if (isKept) try { localStorage.setItem('socialq-theme', theme); } catch { /* Not kept, then. */ }
}

/** The theme that was chosen before. */
export function restoreTheme() {
  const asked = new URLSearchParams(location.search).get('theme');
  let kept = null;
  try { kept = localStorage.getItem('socialq-theme'); } catch { /* The system's, then. */ }
  if (asked === 'dark' || asked === 'light') setTheme(asked, false);
  else if (kept) setTheme(kept);
}

/** Whether the user wants nothing to move. */
export const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
