// What the page shows is in its address alone, so that a link shows the same and the back button works.

import { parse } from './zone.js';

/** The ranges that have a button. */
export const ranges = ['15m', '1h', '24h', '7d', '30d', 'all'];
const seconds = { m: 60, h: 3600, d: 86400, w: 604800 };
const lists = ['platform', 'sentiment', 'topic'];

/** The state that an address holds. */
export function read(search) {
  const fields = new URLSearchParams(search);
  const state = {
    range: fields.get('range'), since: fields.get('since'), until: fields.get('until'),
    viral: fields.get('viral') === '1', tz: fields.get('tz') ?? 'UTC',
    compare: fields.get('compare') !== '0', live: fields.get('live') !== '0',
    every: Math.min(60, Math.max(1, Number(fields.get('every')) || 2)),
    hashtag: fields.get('hashtag') ?? '', account: fields.get('account') ?? '',
    post: fields.get('post') ?? '', views: fields.get('views') ?? '',
  };
  for (const list of lists) state[list] = fields.getAll(list).filter(Boolean);
  if (state.since || state.until) state.range = 'custom';
  else if (state.range && !/^\d{1,6}[mhdw]$/.test(state.range) && state.range !== 'all') state.range = null;
  return state;
}

/** The address of a state; what is as usual is left out. */
export function write(state) {
  const fields = new URLSearchParams();
  if (state.range === 'custom') {
    if (state.since) fields.set('since', state.since);
    if (state.until) fields.set('until', state.until);
  } else if (state.range) {
    fields.set('range', state.range);
  }
  for (const list of lists) for (const value of state[list]) fields.append(list, value);
  if (state.viral) fields.set('viral', '1');
  if (state.tz !== 'UTC') fields.set('tz', state.tz);
  if (!state.compare) fields.set('compare', '0');
  if (!state.live) fields.set('live', '0');
  if (state.every !== 2) fields.set('every', state.every);
  for (const name of ['hashtag', 'account', 'post', 'views']) if (state[name]) fields.set(name, state[name]);
  const query = fields.toString();
  return query ? `?${query}` : location.pathname;
}

/** How many seconds a range is long; null if it has no fixed length. */
export function length(state) {
  const { since, until, tz } = state;
  const span = (text) => (/^\d{1,6}[mhdw]$/.test(text ?? '') ? Number(text.slice(0, -1)) * seconds[text.at(-1)] : null);
  if (state.range !== 'custom') return span(state.range);
  if (span(since)) return span(since);
  const start = parse(since, tz);
  const end = until ? parse(until, tz) : Date.now();
  return start !== null && end > start ? (end - start) / 1000 : null;
}

/** The fields of a question about the state's window and filters, without the filter of a name. */
export function scope(state, without) {
  const fields = new URLSearchParams();
  if (state.range === 'custom') {
    if (state.since) fields.set('since', state.since);
    if (state.until) fields.set('until', state.until);
  } else if (state.range !== 'all') {
    fields.set('since', state.range);
  }
  for (const list of lists) {
    if (list !== without) for (const value of state[list]) fields.append(list, quoted(value));
  }
  if (state.viral) fields.set('viral', '1');
  if (state.tz !== 'UTC') fields.set('tz', state.tz);
  return fields;
}

/** A name as the server takes it: commas would part it. */
const quoted = (name) => (/[,"]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

/** Whether anything is filtered. */
export const isFiltered = (state) => state.viral || lists.some((list) => state[list].length > 0);

/** Whether an account or a post is open. */
export const hasDrawer = (state) => Boolean(state.account || state.post);

/** The state without filters. */
export const unfiltered = { platform: [], sentiment: [], topic: [], viral: false };
