// The page: one state, which is the address, and what shows it.
import { byId, copy, el } from './dom.js';
import { address, ask, describe, isEverywhere, isPassing } from './api.js';
import { length, hasDrawer, isFiltered, read, scope, write } from './state.js';
import { cell } from './format.js';
import { learnPlatforms, restoreTheme } from './theme.js';
import { iso } from './zone.js';
import { loadLibrary, mayDraw } from './charts.js';
import { layouts, own, standard } from './layout.js';
import { Bar } from './bar.js';
import { Cards } from './cards.js';
import { Filters } from './filters.js';
import { Live } from './live.js';
import { Notices } from './notices.js';
import { Panel, save } from './panel.js';
import { Drawer, Posts } from './posts.js';
import { help, listen } from './keys.js';
import { listenForPrinting } from './printing.js';

const day = 86400;

/** For so many milliseconds charts are drawn before the browser may show them, and do what the user asks for. */
const slice = 250;
const pause = () => new Promise((resolve) => { setTimeout(resolve, 0); });

class Page {
  constructor() {
    this.state = read(location.search);
    this.span = null;
    this.isStoreEmpty = false;
    this.filters = new Filters((part) => this.change(part));
    this.bar = new Bar({
      change: (part, isQuiet) => this.change(part, isQuiet), refresh: () => this.refresh(), help,
      share: () => this.share(), exports: () => this.exports(), redraw: () => this.redraw(),
    });
    this.notices = new Notices(this);
    this.drawer = new Drawer(this);
    this.live = new Live({ refresh: () => this.update(), show: (status) => this.bar.showLive(status) });
    addEventListener('popstate', () => { this.state = this.withRange(read(location.search)); this.show(); });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.redraw());
    listenForPrinting(() => this.redraw());
  }

  async start() {
    this.bar.show(this.state);
    this.filters.show(this.state);
    for (;;) {
      const learned = this.learn();
      try {
        this.catalog = await describe();
        // A range that says how long it is needs no span.
        if (!this.state.range || length(this.state) === null) await learned;
        break;
      } catch (error) {
        this.notices.show({ problem: error });
        await new Promise((resolve) => { setTimeout(resolve, 2000); });
      }
    }
    this.cards = new Cards(this);
    this.posts = new Posts(this);
    this.panels = this.choosePanels();
    byId('charts').append(...this.panels.map(({ element }) => element));
    listen(this, this.bar);
    this.state = this.withRange(this.state);
    this.show();
    // What it takes to start the library is the time in which the server answers.
    this.library = loadLibrary();
    this.library.then(() => {
      if (!mayDraw()) {
        this.notices.show({ chartsMissing: true });
        this.redraw();
      }
      for (const panel of this.panels) panel.drawWaiting();
    });
    // There are hundreds of zones, which nobody looks for first.
    setTimeout(() => this.bar.offerZones(), 1000);
  }

  /** A panel for each query that can be drawn without asking for anything, known ones first. */
  choosePanels() {
    const { queries } = this.catalog;
    const isFree = (query) => query.chart && !own.has(query.name) && query.parameters.every(({ required }) => !required);
    const known = [...layouts.keys()].map((name) => queries.get(name)).filter((query) => query && isFree(query));
    const others = [...queries.values()].filter((query) => isFree(query) && !layouts.has(query.name));
    return [...known, ...others].map((query) => new Panel(query, layouts.get(query.name) ?? standard, this));
  }

  /** Learns what there is in all the store; these are asked whether or not there are such queries. */
  learn() {
    this.colours = this.learnPlatforms();
    // Until it is known whether that succeeds nobody has to try again.
    this.isLearned = true;
    return Promise.all([this.learnSpan(), this.colours]);
  }

  /** Learns from when to when there are posts. */
  async learnSpan() {
    try {
      const [[{ posts, newest_post: newest }], days] = await Promise.all([
        ask('snapshot', new URLSearchParams()), ask('likes-over-time', new URLSearchParams({ bucket: 'day' })).catch(() => [])]);
      this.isStoreEmpty = posts === 0;
      this.newest = newest ? Date.parse(newest) : null;
      this.span = days.length && this.newest ? (this.newest - Date.parse(days[0].bucket)) / 1000 : null;
    } catch { this.isLearned = false; /* What is wrong is told by the figures. */ }
  }

  /** Learns which platforms there are, so that each gets a colour of its own. */
  async learnPlatforms() {
    try {
      learnPlatforms((await ask('posts-by-platform', new URLSearchParams())).map(({ platform }) => platform));
    } catch { /* They get colours as they come. */ }
  }

  /** A state with a range: where none is asked for, the last day, or all if that has nothing. */
  withRange(state) {
    if (state.range) return state;
    const isOld = this.newest && Date.now() - this.newest > day * 1000;
    return { ...state, range: isOld ? 'all' : '24h' };
  }

  /** Chooses the range anew if the address has none: what there is was not known before. */
  chooseRange() {
    if (read(location.search).range) return;
    const { range } = this.withRange({ ...this.state, range: null });
    if (range === this.state.range) return;
    this.state = { ...this.state, range };
    this.show();
  }

  // What panels share.

  has(name) { return this.catalog?.queries.has(name) ?? false; }
  describe(name) { return this.catalog.queries.get(name); }

  fields(query) { return this.bucketed(scope(this.state), query); }

  /** The fields of the same question about the period before; null if there is none. */
  fieldsBefore(query) {
    const fields = this.fields(query);
    if (!this.state.compare || !fields.has('since')) return null;
    fields.set('previous', '1');
    return fields;
  }

  bucketed(fields, query) {
    const bucket = this.bucketOf(query);
    if (bucket !== query.bucket) fields.set('bucket', bucket);
    return fields;
  }

  /** How wide the buckets of a query are, if it has any: as the window needs them. */
  bucketOf(query) {
    if (!query.bucket) return query.bucket;
    const seconds = length(this.state) ?? this.span ?? day;
    return seconds <= 2 * 3600 ? 'minute' : seconds <= 8 * day ? 'hour' : 'day';
  }

  /** What a click on a value of a column does; undefined if nothing. */
  linkOf(column) {
    switch (column) {
      case 'platform': case 'sentiment': case 'topic': return (value) => this.filters.toggle(column, value);
      case 'hashtag': return (value) => { this.change({ hashtag: value }); byId('panel-recent-posts').scrollIntoView({ block: 'start' }); };
      case 'username': return (value) => this.change({ account: value });
      default: return undefined;
    }
  }

  /** Sets the range to the time between two instants. */
  narrow(from, to) {
    const { tz } = this.state;
    this.change({ range: 'custom', since: iso(Math.floor(from), tz), until: iso(Math.ceil(to / 1000) * 1000, tz) });
  }

  // What the user does.

  /** Changes a part of the state. A quiet change is no step for the back button. */
  change(part, isQuiet = false) {
    const hadDrawer = hasDrawer(this.state);
    this.state = { ...this.state, ...part };
    const isDrawer = hasDrawer(this.state);
    // From drawer to drawer is none either: one step back closes them.
    if (isQuiet || (hadDrawer && isDrawer)) history.replaceState(history.state, '', write(this.state));
    else history.pushState({ depth: this.depth + 1, isDrawer }, '', write(this.state));
    this.show();
  }

  /** How many steps of this page lie before this one. */
  get depth() { return history.state?.depth ?? 0; }

  /** Goes back a step, if that was one of this page. */
  undo() { if (this.depth > 0) history.back(); }

  /** Leaves the drawer: by the step back that it was opened with, or without a step if a link opened it. */
  closeDrawer() {
    if (history.state?.isDrawer) history.back();
    else this.change({ account: '', post: '' }, true);
  }

  refresh() { return this.live.now(); }

  redraw() { for (const panel of this.panels ?? []) { panel.closeChart(); panel.redraw(); } }

  share() { return copy(new URL(write(this.state), location.href).href, 'Link copied'); }

  exports() {
    const queries = ['kpis', 'recent-posts', ...(this.panels ?? []).map(({ query }) => query.name)].filter((name) => this.has(name));
    return [['Print, or save as PDF', () => window.print()], ...queries.map((name) => [
      `CSV: ${this.describe(name).title}`, () => save(address(name, this.fields(this.describe(name)), 'csv'), `${name}.csv`)])];
  }

  // What is shown.

  show() {
    this.bar.show(this.state);
    this.filters.show(this.state);
    this.live.set(this.state.live, this.state.every);
    this.drawer.show(this.state);
    const key = write({ ...this.state, live: true, every: 2, account: '', post: '' });
    if (key === this.shownKey) return;
    this.shownKey = key;
    this.controller?.abort();
    this.controller = new AbortController();
    this.update();
  }

  async update() {
    if (!this.panels) return;
    const { signal } = this.controller ?? (this.controller = new AbortController());
    const [isAnswered, problems] = await Promise.all([
      this.updateCards(signal), Promise.all(this.panels.map((panel) => panel.update(signal))), this.posts.update(signal),
      this.showSnapshot(signal)]);
    if (signal.aborted || !isAnswered) return;
    problems.forEach((problem, index) => { if (problem) this.panels[index].fail(problem); });
    this.posts.tellProblems();
    await this.library;
    // How soon is measured by script/bench dashboard.
    const isFirst = !document.documentElement.dataset.ready;
    if (isFirst) performance.mark('shown');
    // What is in the window is seen before the rest is drawn.
    await pause();
    let start = performance.now();
    for (const panel of this.panels) {
      panel.drawWaiting();
      if (performance.now() - start > slice) {
        await pause();
        start = performance.now();
      }
      if (signal.aborted) return;
    }
    if (isFirst) performance.mark('ready');
    document.documentElement.dataset.ready = String(Number(document.documentElement.dataset.ready ?? 0) + 1);
  }

  /** Brings the cards up to date, and tells what is wrong with all of the page; whether anything is answered. */
  async updateCards(signal) {
    let problem = null;
    let posts;
    try {
      posts = (await this.cards.update(signal))?.posts;
      // A store that was not there, or empty, is known only now.
      if (posts === 0 || this.isStoreEmpty || !this.isLearned) {
        await this.learn();
        if (!signal.aborted) this.chooseRange();
      }
    } catch (error) {
      if (error.name === 'AbortError') return false;
      problem = error;
      if (isPassing(error)) {
        clearTimeout(this.retry);
        this.retry = setTimeout(() => this.update(), 2000);
      }
    }
    if (signal.aborted) return false;
    this.notices.show({ problem, posts, broken: this.catalog.broken });
    return !problem || !isEverywhere(problem);
  }

  async showSnapshot(signal) {
    const query = this.describe('snapshot');
    if (!query) return;
    try {
      const [row] = await ask('snapshot', this.fields(query), signal);
      const facts = [
        ['Last update', cell(row.last_update, 'time')], ['Refreshed', this.state.live ? `at most every ${this.state.every} s` : 'by hand'],
        ['Posts in view', cell(row.posts, 'count')], ['Newest post', cell(row.newest_post, 'time')], ['Positive', cell(row.positive_share_pct, 'percent')],
      ];
      byId('snapshot').replaceChildren(...facts.map(([name, value]) =>
        el('span', {}, el('span', { class: 'muted', text: `${name} ` }), el('strong', { text: value }))),
      el('span', { class: 'muted', text: isFiltered(this.state) ? 'filtered' : '' }));
    } catch { /* The figures above tell what is wrong. */ }
  }
}

restoreTheme();
new Page().start();
