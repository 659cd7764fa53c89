// Questions to the server. Each named query has one address; what is wrong comes as problem details.

/** Why there is no answer. */
export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** Whether the same question may be answered a little later, so that it is asked again. */
export const isPassing = ({ status }) => status === 0 || status === 503;

const unreachable = () => new Problem(0, 'unreachable', 'the server does not answer: is socialq serve running?');

async function get(path, signal, headers = {}) {
  let response;
  try {
    response = await fetch(path, { signal, headers, credentials: 'same-origin' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw unreachable();
  }
  if (response.ok) return response;
  let problem = {};
  try { problem = await response.json(); } catch { /* The status says enough. */ }
  throw new Problem(
    response.status, problem.code ?? 'http', problem.detail ?? (path.length > 15000 ? 'the question is too long for the server: choose fewer filters' : `the server answered ${response.status}`));
}

/** Whether a problem is one of all questions, which the page tells once. */
export const isEverywhere = ({ code }) => ['unreachable', 'no-store', 'store', 'token'].includes(code);

/** The address of an answer in a format. */
export const address = (name, fields, format = 'json') => {
  const query = fields.toString();
  return `/api/queries/${encodeURIComponent(name)}.${format}${query ? `?${query}` : ''}`;
};

/** What was answered, by address: tag and rows; what was asked last comes last. */
const copies = new Map();
const mostCopies = 100;

/** How many questions go into one request, and how long they may be together; the server takes 64, and 16 KiB. */
const most = 60;
const longest = 6000;

/** The version of the store that the server has told of; questions are about that one or a later one. */
let version = null;
export const heard = (told) => { version = told; };

/** The oldest version that answers were made of before the server has told of one; null if there were none yet. */
export const answered = () => oldest;
let oldest = null;

/** Questions that wait for the others of the same moment, by the signal that ends them. */
const waiting = new Map();

/**
 * The rows of an answer. Questions of the same moment go to the server together, as a browser has but a few
 * connections.
 */
export function ask(name, fields, signal) {
  return new Promise((resolve, reject) => {
    if (waiting.size === 0) queueMicrotask(send);
    if (!waiting.has(signal)) waiting.set(signal, []);
    const path = address(name, fields);
    // What has a meaning in an address is escaped twice, but not every letter of another alphabet.
    const text = [...fields].map((field) => field.map((word) => word.replace(/[%&+#=]/g, encodeURIComponent)).join('=')).join('&');
    const part = `q=${encodeURIComponent(`${name}.json?${text}`)}`;
    // A copy may be gone from the others before the server says that it is still right.
    waiting.get(signal).push({ path, part, copy: copies.get(path), resolve, reject });
  });
}

function send() {
  for (const [signal, questions] of waiting) {
    let [batch, length] = [[], 0];
    for (const question of questions) {
      if (batch.length === most || (batch.length && length + question.part.length > longest)) {
        answer(batch, signal);
        [batch, length] = [[], 0];
      }
      batch.push(question);
      length += question.part.length;
    }
    answer(batch, signal);
  }
  waiting.clear();
}

/** Asks a batch of questions, and ends each as its line comes. */
async function answer(batch, signal) {
  const open = new Set(batch);
  try {
    const parts = batch.map(({ part }) => part);
    if (version !== null) parts.push(`version=${version}`);
    const tags = batch.map(({ copy }) => copy?.tag).filter(Boolean);
    const response = await get(`/api/answers?${parts.join('&')}`, signal, tags.length ? { 'If-None-Match': tags.join(', ') } : {});
    for await (const line of lines(response.body)) {
      const told = JSON.parse(line);
      const question = batch[told.question];
      open.delete(question);
      settle(question, told, signal);
    }
    if (open.size) throw unreachable();
  } catch (error) {
    // An answer that is broken off is the browser's own error.
    const why = error instanceof Problem || error.name === 'AbortError' ? error : unreachable();
    for (const { reject } of open) reject(why);
  }
}

function settle({ path, copy, resolve, reject }, { status, etag, answer: rows, problem }, signal) {
  copies.delete(path);
  // One that is too large for a line, or was known by the tag of another question, has an address of its own.
  if (status === 413 || (status === 304 && !copy)) {
    get(path, signal).then((response) => response.json()).then(resolve, reject);
  } else if (problem) {
    reject(new Problem(status, problem.code, problem.detail));
  } else {
    const made = Number(/\d+/.exec(etag)[0]);
    if (version === null && (oldest === null || made < oldest)) oldest = made;
    const kept = status === 304 ? copy : { tag: etag, rows };
    copies.set(path, kept);
    if (copies.size > mostCopies) copies.delete(copies.keys().next().value);
    resolve(kept.rows);
  }
}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const pieces = (rest + value).split('\n');
      rest = pieces.pop();
      // Now and then an empty line says that the server is still there.
      yield* pieces.filter(Boolean);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The statement that answers a question. */
export const statement = async (name, fields) => (await get(address(name, fields, 'sql'))).text();

/** What there is to ask: queries by name, and why some files are none. */
export async function describe() {
  const description = await (await get('/api/queries')).json();
  return {
    queries: new Map(description.queries.map((query) => [query.name, query])),
    broken: description.broken,
  };
}

/** The command line that gives the same answer. */
export function commandLine(name, fields) {
  const words = ['socialq', name];
  for (const [field, value] of fields) {
    if (field === 'viral') words.push('--viral');
    else words.push(`--${field}`, /^[\w.:+/-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`);
  }
  return words.join(' ');
}
