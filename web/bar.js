// The bar at the top: range, comparing, zone, and what the page can do.
import { byId, button, el, iconButton, icon } from './dom.js';
import { age } from './format.js';
import { ranges } from './state.js';
import { parse, wallText } from './zone.js';
import { isDark, setTheme } from './theme.js';
import { menu } from './menu.js';

const zones = () => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const all = Intl.supportedValuesOf ? Intl.supportedValuesOf('timeZone') : [own];
  return [...new Set(['UTC', own, ...all])];
};

export class Bar {
  /** `actions`: change(state part), refresh, share, exports (a list for the menu), help, redraw. */
  constructor(actions) {
    this.actions = actions;
    this.pill = el('button', { type: 'button', class: 'pill', id: 'pill' },
      el('span', { class: 'dot', 'aria-hidden': 'true' }), this.pillText = el('span', { text: 'Connecting' }));
    this.pill.addEventListener('click', () => actions.change({ live: !this.state.live }, true));
    this.ranges = ranges.map((range) => button(range === 'all' ? 'All' : range, () =>
      actions.change({ range, since: null, until: null }), { 'aria-pressed': 'false', data: { range } }));
    this.custom = el('button', { type: 'button', 'aria-pressed': 'false', 'aria-expanded': 'false', text: 'Custom' });
    this.custom.addEventListener('click', () => this.chooseCustom());
    this.compare = el('input', { type: 'checkbox', id: 'compare' });
    this.compare.addEventListener('change', () => actions.change({ compare: this.compare.checked }));
    this.zone = el('select', { id: 'zone', 'aria-label': 'Time zone' },
      el('option', { value: 'UTC', text: 'UTC' }));
    this.zone.addEventListener('change', () => actions.change({ tz: this.zone.value }));
    this.every = el('select', { id: 'every', 'aria-label': 'Refresh at most every' },
      [1, 2, 5, 10, 30, 60].map((seconds) => el('option', { value: seconds, text: `every ${seconds} s` })));
    this.every.addEventListener('change', () => actions.change({ every: Number(this.every.value) }, true));
    this.pause = iconButton('pause', 'Pause (p)', () => actions.change({ live: !this.state.live }, true), { id: 'pause' });
    byId('bar').append(
      el('div', { class: 'brand' }, el('img', { src: '/assets/icon.svg', alt: '', width: 26, height: 26 }),
        el('h1', { text: 'socialq' }), this.pill),
      el('div', { class: 'segments', role: 'group', 'aria-label': 'Range' }, this.ranges, this.custom),
      el('label', { class: 'check', for: 'compare' }, this.compare, 'Compare'),
      this.zone,
      el('div', { class: 'tools' },
        this.every, this.pause,
        iconButton('refresh', 'Refresh now (r)', actions.refresh, { id: 'refresh' }),
        iconButton('share', 'Copy a link to this view', actions.share, { id: 'share' }),
        this.exportButton = iconButton('export', 'Export', () => menu(this.exportButton, actions.exports()), { id: 'export' }),
        iconButton('theme', 'Light or dark (d)', () => this.toggleTheme(), { id: 'theme' }),
        iconButton('help', 'Keys (?)', actions.help, { id: 'help' })));
  }

  /** Offers all zones, of which there are hundreds: once there is time for it. */
  offerZones() {
    const { value } = this.zone;
    this.zone.replaceChildren(...[...new Set([...zones(), value])].map((zone) => el('option', { value: zone, text: zone.replaceAll('_', ' ') })));
    this.zone.value = value;
  }

  toggleTheme() {
    setTheme(isDark() ? 'light' : 'dark');
    this.actions.redraw();
  }

  /** Lets the user choose both ends of the window. */
  chooseCustom() {
    const { tz } = this.state;
    const field = (name) => {
      const instant = parse(this.state[name], tz);
      const value = instant === null ? '' : wallText(instant, tz);
      return el('input', { type: 'datetime-local', id: `custom-${name}`, step: 1, value, data: { value } });
    };
    const [since, until] = [field('since'), field('until')];
    const form = el('form', { class: 'form' },
      el('label', { for: 'custom-since', text: `From (${tz})` }), since,
      el('label', { for: 'custom-until', text: 'Until, not included' }), until,
      el('button', { type: 'submit', class: 'primary', text: 'Show' }));
    const close = menu(this.custom, [form]);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      close();
      const full = (text) => (text.length === 16 ? `${text}:00` : text) || null;
      // An end that was not touched stays as it was said, also if no clock can show it.
      const end = (input, name) => (full(input.value) === (input.dataset.value || null) ? this.state[name] : full(input.value));
      const [from, to] = [end(since, 'since'), end(until, 'until')];
      if (from || to) this.actions.change({ range: 'custom', since: from, until: to });
    });
    since.focus();
  }

  show(state) {
    this.state = state;
    for (const element of this.ranges) {
      element.setAttribute('aria-pressed', String(element.dataset.range === state.range));
    }
    this.custom.setAttribute('aria-pressed', String(state.range === 'custom' || !ranges.includes(state.range)));
    this.compare.checked = state.compare;
    if (![...this.zone.options].some((option) => option.value === state.tz)) {
      this.zone.append(el('option', { value: state.tz, text: state.tz }));
    }
    this.zone.value = state.tz;
    if (![...this.every.options].some((option) => Number(option.value) === state.every)) {
      this.every.append(el('option', { value: state.every, text: `every ${state.every} s` }));
    }
    this.every.value = String(state.every);
    this.pause.replaceChildren(icon(state.live ? 'pause' : 'play'));
    this.pause.setAttribute('aria-label', state.live ? 'Pause (p)' : 'Go on (p)');
  }

  showLive({ status, changed, lag }) {
    const old = changed ? age(Date.now() - changed) : null;
    const texts = {
      live: old ? `Live · ${old}` : 'Live', paused: old ? `Paused · ${old}` : 'Paused',
      reconnecting: 'Reconnecting…', nostore: 'No store', stale: `Stale · ${old}`,
    };
    if (this.pillText.textContent !== texts[status]) this.pillText.textContent = texts[status];
    this.pill.dataset.status = status;
    this.pill.title = lag !== null && lag !== undefined
      ? `The newest message was ${age(lag)} old when it was stored. Click to pause or go on.` : 'Click to pause or go on.';
  }
}
