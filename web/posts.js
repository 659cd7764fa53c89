// Posts and accounts: the viral feed, the leaderboard, the newest posts, and the drawer with one of them.
import { byId, button, el, iconButton } from './dom.js';
import { ask, isEverywhere } from './api.js';
import { cell, compact, words } from './format.js';
import { colourOf } from './theme.js';
import { Table } from './table.js';

/** How many of the newest posts can be paged through. */
const newest = 200;

/** A panel without a chart. */
function shell(name, title, wide, ...tools) {
  const body = el('div', { class: 'panel-body' }, el('div', { class: 'skeleton' }));
  const note = el('p', { class: 'panel-note problem', hidden: true, role: 'status' });
  const element = el('article', { class: `panel ${wide}`, id: `panel-${name}`, 'aria-labelledby': `title-${name}` },
    el('div', { class: 'panel-head' }, el('h2', { id: `title-${name}`, text: title }), el('div', { class: 'panel-tools' }, tools)), body, note);
  return { element, body, note, isFilled: false };
}

export class Posts {
  constructor(page) {
    this.page = page;
    this.search = el('input', {
      type: 'search', id: 'search', placeholder: 'Hashtag', 'aria-label': 'Posts with a hashtag (press /)',
    });
    this.search.addEventListener('change', () => page.change({ hashtag: this.search.value.trim() }));
    this.feed = shell('viral-posts', 'Viral feed', 'third');
    this.leaders = shell('top-influencers', 'Influencers', 'two-thirds');
    this.recent = shell('recent-posts', 'Recent posts', 'whole', this.search);
    this.leaderTable = new Table({
      caption: 'Influencers by likes', row: (row) => page.change({ account: row.username }),
    });
    this.recentTable = new Table({
      caption: 'Recent posts', page: 20, newest, columns: ['timestamp', 'username', 'platform', 'topic', 'sentiment', 'likes', 'is_viral'],
      row: (row) => page.change({ post: row.post_id }), mark: (row) => (row.is_viral ? 'viral' : ''),
      nothing: 'No posts like that in this window.',
    });
    byId('posts').append(this.feed.element, this.leaders.element, this.recent.element);
  }

  async update(signal) {
    const { hashtag } = this.page.state;
    if (document.activeElement !== this.search) this.search.value = hashtag;
    const recentName = hashtag && this.page.has('posts-with-hashtag') ? 'posts-with-hashtag' : 'recent-posts';
    await Promise.all([
      this.fill(this.feed, 'viral-posts', { limit: 5 }, signal, (query, rows) => this.showFeed(rows)),
      this.fill(this.leaders, 'top-influencers', { limit: 10 }, signal, (query, rows) => {
        this.leaderTable.show(query, rows);
        return [this.leaderTable.element];
      }),
      this.fill(this.recent, recentName, { limit: newest, ...(recentName === 'posts-with-hashtag' ? { hashtag } : {}) }, signal,
        (query, rows) => {
          this.recentTable.show(query, rows);
          return [this.recentTable.element];
        }),
    ]);
  }

  async fill(place, name, more, signal, show) {
    const query = this.page.describe(name);
    if (!query) return;
    const fields = this.page.fields(query);
    for (const [field, value] of Object.entries(more)) fields.set(field, value);
    try {
      place.problem = null;
      const rows = await ask(name, fields, signal);
      place.note.hidden = true;
      const text = name + JSON.stringify(rows);
      if (place.text === text) return;
      place.text = text;
      place.body.replaceChildren(...show(query, rows));
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (isEverywhere(error)) place.problem = error;
      else this.fail(place, error);
    }
  }

  /** Tells of problems that turned out not to be those of all questions. */
  tellProblems() {
    for (const place of [this.feed, this.leaders, this.recent]) if (place.problem) this.fail(place, place.problem);
  }

  fail(place, error) {
    if (place.text) {
      place.note.hidden = false;
      place.note.textContent = `Not up to date: ${error.message}`;
    } else {
      place.body.replaceChildren(el('p', { class: 'muted nothing', text: error.message }));
    }
  }

  showFeed(rows) {
    if (rows.length === 0) return [el('p', { class: 'muted nothing', text: 'No viral posts in this window.' })];
    return [el('ol', { class: 'feed' }, rows.map((row) => {
      const mark = el('span', { class: 'mark', 'aria-hidden': 'true' });
      mark.style.setProperty('--mark', colourOf('platform', row.platform));
      return el('li', {}, el('button', {
        type: 'button', class: 'feed-item', on: { click: () => this.page.change({ post: row.post_id }) },
      }, mark, el('span', { class: 'grow' }, el('strong', { class: 'clip', text: row.username }),
        el('span', { class: 'muted', text: `${row.platform} · ${row.topic}` })),
      el('span', { class: 'number', text: `♥ ${compact(row.likes)}`, 'aria-label': `${row.likes} likes` })));
    }))];
  }
}

export class Drawer {
  constructor(page) {
    this.page = page;
    this.key = null;
    this.dialog = byId('drawer');
    // Esc closes it, too; the address must not bring it back.
    this.dialog.addEventListener('close', () => {
      const isLeft = this.key !== null;
      this.key = null;
      if (isLeft) page.closeDrawer();
    });
    this.dialog.addEventListener('click', (event) => { if (event.target === this.dialog) this.dialog.close(); });
  }

  /** Shows the account or the post of the state, or closes. */
  async show(state) {
    const key = state.post ? `post ${state.post}` : state.account ? `account ${state.account}` : null;
    if (key === this.key) return;
    this.key = key;
    if (!key) return this.dialog.close();
    const title = state.post ? 'Post' : state.account;
    const body = el('div', { class: 'drawer-body' }, el('div', { class: 'skeleton' }));
    this.dialog.replaceChildren(
      el('div', { class: 'dialog-head' }, el('h2', { id: 'drawer-title', text: title }), iconButton('close', 'Close', () => this.dialog.close())),
      body);
    if (!this.dialog.open) this.dialog.showModal();
    try {
      const content = state.post ? await this.post(state) : await this.account(state);
      if (this.key === key) body.replaceChildren(...content);
    } catch (error) {
      body.replaceChildren(el('p', { class: 'muted', text: error.message }));
    }
  }

  async post(state) {
    const query = this.page.describe('post');
    const fields = new URLSearchParams({ post: state.post });
    if (state.tz !== 'UTC') fields.set('tz', state.tz);
    const [row] = await ask('post', fields);
    if (!row) return [el('p', { class: 'muted', text: 'This post is not in the store any more.' })];
    const tags = tagsOf(row.hashtags);
    return [
      ...(tags.length ? [el('div', { class: 'chips' }, tags.map((tag) => button(tag, () => this.page.change({ hashtag: tag, post: '' }), { class: 'chip' })))] : []),
      this.list(query, row, new Set(['hashtags'])),
      button('The account', () => this.page.change({ account: row.username, post: '' }), { class: 'primary' }),
    ];
  }

  async account(state) {
    const query = this.page.describe('account');
    const fields = this.page.fields(query);
    fields.set('user', state.account);
    const rows = await ask('account', fields);
    if (rows.length === 0) return [el('p', { class: 'muted', text: 'No posts of this account in this window.' })];
    return rows.flatMap((row) => [el('h3', { text: row.platform }), this.list(query, row, new Set(['platform']))]);
  }

  list(query, row, without) {
    return el('dl', { class: 'facts' }, query.columns.filter(({ name }) => !without.has(name)).flatMap(({ name, kind }) => [
      el('dt', { text: words(name) }), el('dd', { text: cell(row[name], kind), class: kind })]));
  }
}

function tagsOf(text) {
  try {
    const tags = JSON.parse(text);
    return Array.isArray(tags) ? tags.map(String) : [];
  } catch {
    return [];
  }
}
