// A panel shows the answer to one query, as a chart or a table, and hands it on: as CSV, picture or SQL.
import { byId, button, copy, el, iconButton } from './dom.js';
import { address, ask, commandLine, isEverywhere, statement } from './api.js';
import { label, words } from './format.js';
import { token } from './theme.js';
import { column } from './axes.js';
import { canDraw, mayDraw, Chart } from './charts.js';
import { forms, summary } from './options.js';
import { Table } from './table.js';
import { menu } from './menu.js';

/** The panels that are in the window, or nearly; to measure them when they are drawn would lay out the page each time. */
const inSight = new Set();
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) inSight[isIntersecting ? 'add' : 'delete'](target);
}, { rootMargin: '100px' });

/** How large the places of charts are, for the same reason: here all is laid out already. */
const sizes = new WeakMap();
const places = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const { clientWidth: width, clientHeight: height } = target;
    if (width && height) sizes.set(target, { width, height });
    else sizes.delete(target);
  }
});

/** As many rows of the period before as can be asked for. */
const most = 10000;

export class Panel {
  /**
   * `query` is a description; `layout`: wide, views (other forms than the hint's), pick, log, startsLog,
   * whole, growth, marks (a query that marks points), filters (the filter that a column stands for, where
   * it has not its name). `page` has what panels share.
   */
  constructor(query, layout, page) {
    Object.assign(this, { query, layout, page });
    this.form = query.chart?.form ?? 'table';
    this.settings = { metric: null, log: Boolean(layout.startsLog), whole: false };
    this.prefersTable = false;
    this.rows = null;
    this.head = el('div', { class: 'panel-head' });
    this.box = el('div', { class: 'chart skeleton' });
    this.body = el('div', { class: 'panel-body' }, this.box);
    this.note = el('p', { class: 'panel-note', hidden: true, role: 'status' });
    this.element = el('article', {
      class: `panel ${layout.wide ?? ''}`, 'aria-labelledby': `title-${query.name}`, 'aria-busy': 'true', id: `panel-${query.name}`,
    }, this.head, this.body, this.note);
    sight.observe(this.element);
    places.observe(this.box);
    this.drawHead();
  }

  /** Whether the answer is shown as a table. */
  get isTable() { return this.prefersTable || !this.isChart; }

  /** Whether there is a chart of it. */
  get isChart() { return mayDraw() && Boolean(forms[this.form]); }

  drawHead() {
    this.more = iconButton('more', `More about ${this.query.title}`, () => this.openMenu(), { 'aria-haspopup': 'dialog', 'aria-expanded': 'false' });
    this.head.replaceChildren(
      el('h2', { id: `title-${this.query.name}`, text: this.query.title, title: this.query.help }),
      el('div', { class: 'panel-tools' }, this.choices(), this.more));
  }

  /** What can be chosen of the chart, as the description allows it. */
  choices() {
    const { chart } = this.query;
    const tools = [];
    if (!chart || this.isTable) return tools;
    const toggle = (text, name) => button(text, () => {
      this.settings[name] = !this.settings[name];
      this.redraw();
    }, { class: 'toggle', 'aria-pressed': String(this.settings[name]) });
    if (chart.y.length > 1 && (chart.series || this.layout.pick) && this.form !== 'pie') {
      const select = el('select', { 'aria-label': `Measure of ${this.query.title}` },
        chart.y.map((name) => el('option', { value: name, text: words(name) })));
      select.value = this.settings.metric ?? chart.y[0];
      select.addEventListener('change', () => { this.settings.metric = select.value; this.redraw(); });
      tools.push(select);
    }
    if (this.layout.log) tools.push(toggle('Log', 'log'));
    if (this.layout.whole) tools.push(toggle('100 %', 'whole'));
    for (const view of this.layout.views ?? []) {
      tools.push(button(view === 'bar' ? 'Bars' : 'Pie', () => { this.form = view; this.redraw(); },
        { class: 'toggle', 'aria-pressed': String(this.form === view) }));
    }
    return tools;
  }

  openMenu() {
    const entries = [];
    if (this.isChart && this.rows?.length) {
      entries.push([this.isTable ? 'Show as chart' : 'Show as table', () => { this.prefersTable = !this.prefersTable; this.redraw(); this.more.focus(); }]);
      if (!this.isTable && this.chart) entries.push(['Save as PNG', () => this.savePicture()]);
    }
    entries.push(['Save as CSV', () => this.saveCSV()],
      [this.element.classList.contains('full') ? 'Leave full screen' : 'Full screen', () => this.toggleFull()],
      ['SQL and command', () => this.showStatement()]);
    menu(this.more, entries);
  }

  fields() { return this.page.fields(this.query); }

  /** The column of which a click on the chart takes a value: of those that lead anywhere the first. */
  get clicked() {
    const { x, series } = this.query.chart;
    const names = { bar: [x, series], pie: [x], line: [series] }[this.form] ?? [];
    return names.find((name) => name && this.linkOf(name));
  }

  linkOf(name) { return this.page.linkOf(this.layout.filters?.[name] ?? name); }

  /** Asks again. What is shown stays until the answer is there, and if there is none. */
  async update(signal) {
    // One that is slow is not asked again meanwhile.
    if (this.asking === signal) return null;
    this.asking = signal;
    const slow = setTimeout(() => this.tell('This takes a little longer…'), 2000);
    try {
      const before = this.layout.growth ? this.page.fieldsBefore(this.query) : null;
      if (before) before.set('limit', most);
      const marks = this.layout.marks && this.page.has(this.layout.marks);
      const [rows, earlier, marked] = await Promise.all([
        ask(this.query.name, this.fields(), signal),
        before ? ask(this.query.name, before, signal).catch(() => null) : null,
        marks ? ask(this.layout.marks, this.page.fields(this.page.describe(this.layout.marks)), signal).catch(() => null) : null,
      ]);
      await this.page.colours;
      if (signal.aborted) return null;
      const { x } = this.query.chart ?? {};
      this.settings.before = earlier && { rows: new Map(earlier.map((row) => [row[x], row])), isWhole: earlier.length < most };
      this.settings.marks = marked ? new Set(marked.map((row) => row.bucket)) : null;
      const text = JSON.stringify([rows, earlier, marked]);
      this.tell(null);
      this.element.setAttribute('aria-busy', 'false');
      if (text === this.shown) return null;
      this.shown = text;
      this.rows = rows;
      // What is out of sight comes after what is not.
      this.isWaiting = true;
      if (this.chart || inSight.has(this.element)) this.drawWaiting();
      else setTimeout(() => this.drawWaiting(), 200);
    } catch (error) {
      if (error.name === 'AbortError') return null;
      this.tell(null);
      // Perhaps it is one of all questions; the page knows when all have been asked.
      if (isEverywhere(error)) return error;
      this.fail(error);
    } finally {
      if (this.asking === signal) this.asking = null;
      clearTimeout(slow);
    }
    return null;
  }

  fail(error) {
    this.element.setAttribute('aria-busy', 'false');
    if (this.rows) return this.tell(`Not up to date: ${error.message}`, true);
    this.body.replaceChildren(el('p', { class: 'muted nothing', text: error.message }));
    this.shown = null;
  }

  tell(text, isProblem = false) {
    this.note.hidden = !text;
    this.note.textContent = text ?? '';
    this.note.classList.toggle('problem', isProblem);
  }

  redraw() {
    this.drawHead();
    if (!this.rows) return;
    this.isWaiting = true;
    this.drawWaiting();
  }

  /** Draws what waits to be drawn, unless that is a chart and the library is not there yet. */
  drawWaiting() {
    if (!this.isWaiting || !(this.isTable || canDraw())) return;
    // What cannot be drawn must not stand in the way of the other panels.
    try { this.draw(); } catch (error) { this.fail(error); }
  }

  draw() {
    const { rows, query } = this;
    this.isWaiting = false;
    if (rows.length === 0 || this.isTable) {
      this.closeChart();
      if (!this.table) this.table = new Table({ caption: query.title, page: 20 });
      this.table.show(query, rows);
      this.body.replaceChildren(this.table.element);
      return;
    }
    const isNew = !this.chart;
    if (isNew) {
      this.box.classList.remove('skeleton');
      this.box.setAttribute('role', 'img');
      if (this.body.firstChild !== this.box) this.body.replaceChildren(this.box);
      this.chart = new Chart(this.box, sizes.get(this.box));
      this.listen();
    }
    const { page } = this;
    const settings = { ...this.settings, isLink: Boolean(this.clicked), bucket: page.bucketOf(query), zone: page.state.tz };
    this.chart.element.setAttribute('aria-label', summary(query, rows, settings));
    this.chart.draw(forms[this.form](query, rows, settings), this.form === 'sunburst' && this.drawn === this.form);
    this.drawn = this.form;
    if (this.form === 'line' && column(query, query.chart.x).kind === 'time') this.takeBrush(isNew);
  }

  /** Takes the brush up; of a new chart when there is time for it, as nobody can draw with it yet. */
  takeBrush(isNew) {
    const { chart } = this;
    const take = () => {
      if (this.chart === chart) chart.act({ type: 'takeGlobalCursor', key: 'brush', brushOption: { brushType: 'lineX', brushMode: 'single' } });
    };
    if (isNew) setTimeout(take, 100);
    else take();
  }

  /** Lets clicks and brushes narrow the whole page. */
  listen() {
    const { chart, query, page } = this;
    chart.on('click', (point) => {
      const name = this.clicked;
      if (!name || point.componentType === 'markPoint') return;
      const value = name === query.chart.x ? point.data.key : this.valueOf(name, point.seriesName);
      this.linkOf(name)(value);
    });
    chart.on('legendselectchanged', ({ name }) => {
      const named = query.chart.series ?? (this.form === 'pie' ? query.chart.x : null);
      const link = named && this.linkOf(named);
      if (!link) return;
      chart.act({ type: 'legendSelect', name });
      link(this.valueOf(named, name));
    });
    chart.on('brushEnd', ({ areas }) => {
      const [from, to] = areas[0]?.coordRange ?? [];
      chart.act({ type: 'brush', areas: [] });
      if (to - from > 1000) page.narrow(from, to);
    });
  }

  /** The value of a column that is shown under a name. */
  valueOf(name, text) {
    return this.rows.find((row) => label(row[name], column(this.query, name)) === text)?.[name] ?? text;
  }

  closeChart() {
    this.chart?.close();
    // It is closed to be drawn for paper, or after, and no observer has told the size of that yet.
    sizes.delete(this.box);
    this.chart = null;
    this.drawn = null;
  }

  savePicture() {
    save(this.chart.image(token('surface')), `${this.query.name}.png`);
  }

  saveCSV() {
    save(address(this.query.name, this.fields(), 'csv'), `${this.query.name}.csv`);
  }

  toggleFull() {
    this.element.classList.toggle('full');
    document.body.classList.toggle('has-full', this.element.classList.contains('full'));
    this.more.focus();
  }

  async showStatement() {
    const command = commandLine(this.query.name, this.fields());
    let sql;
    try { sql = await statement(this.query.name, this.fields()); } catch (error) { sql = error.message; }
    const dialog = byId('dialog');
    dialog.replaceChildren(
      el('div', { class: 'dialog-head' }, el('h2', { id: 'dialog-title', text: this.query.title }), iconButton('close', 'Close', () => dialog.close())),
      el('p', { text: this.query.help }),
      el('h3', { text: 'Command' }), el('pre', { tabindex: 0 }, el('code', { text: command })), button('Copy', () => copy(command)),
      el('h3', { text: 'SQL' }), el('pre', { tabindex: 0 }, el('code', { text: sql })), button('Copy', () => copy(sql)));
    dialog.showModal();
  }
}

/** Has the browser save an address under a name. */
export function save(href, name) {
  const link = el('a', { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}
