// Colours. A platform has the same colour in every chart; the colours differ also for eyes that do not
// tell red from green (after Okabe and Ito).

const known = {
  Facebook: '#0072b2', Instagram: '#cc79a7', LinkedIn: '#56b4e9', TikTok: '#009e73',
  Twitter: '#e69f00', X: '#e69f00', YouTube: '#d55e00', Reddit: '#8c6bb1', Threads: '#7a7f8a',
};
const sentiments = { positive: '#009e73', neutral: '#8a93a3', negative: '#d55e00' };

/** Colours for what has none of its own, in order. */
export const palette = ['#2f6fde', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8c6bb1', '#7a7f8a'];

// For platforms that have no colour of their own; those of known ones follow, unless they are there.
const spare = ['#2f6fde', '#a6761d', '#00a3a3', '#b5457d', '#7cb342', '#5e4fa2', '#c9a800', '#a63d2f'];
const given = new Map();

/** Gives each platform of the store its colour, whatever the order in which charts show them. */
export function learnPlatforms(names) {
  given.clear();
  for (const name of names) if (known[name]) given.set(name, known[name]);
  for (const name of [...names].sort()) giveColour(name);
}

function giveColour(name) {
  if (known[name]) given.set(name, known[name]);
  if (given.has(name)) return given.get(name);
  const taken = new Set(given.values());
  const all = [...new Set([...spare, ...Object.values(known)])];
  // With more platforms than colours some have to share.
  given.set(name, all.find((colour) => !taken.has(colour)) ?? all[given.size % all.length]);
  return given.get(name);
}

/** The colour of a value of a column; undefined if it has none of its own. */
export function colourOf(column, value) {
  if (column === 'measure' && value.startsWith('previous_')) return '#9aa7ba';
  if (column === 'platform') return giveColour(value);
  return sentiments[value] && (column === 'sentiment' || column === 'measure') ? sentiments[value] : undefined;
}

const probe = document.createElement('i');
/** Colours that were looked up, by name, as long as the page looks the same. */
const looked = new Map();
let look = null;

/** The value of a colour of the style sheet, for what is drawn on a canvas. */
export function token(name) {
  const now = `${isDark()} ${isPrinting()}`;
  if (now !== look) looked.clear();
  look = now;
  if (!looked.has(name)) looked.set(name, lookUp(name));
  return looked.get(name);
}

function lookUp(name) {
  if (!probe.isConnected) {
    probe.hidden = true;
    document.body.append(probe);
  }
  // Only as a colour of something is it one of light and dark.
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

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

/** Whether nothing is to move: the user wants it so, or it goes to paper. */
export const isStill = () => isPrinting() || matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Whether the page is drawn for paper now. */
export const isPrinting = () => document.documentElement.dataset.printing === 'true';
