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

async function get(path, signal) {
  let response;
  try {
    response = await fetch(path, { signal, credentials: 'same-origin' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, 'unreachable', 'the server does not answer: is socialq serve running?');
  }
  if (response.ok) return response;
  let problem = {};
  try { problem = await response.json(); } catch { /* The status says enough. */ }
  throw new Problem(
    response.status, problem.code ?? 'http', problem.detail ?? `the server answered ${response.status}`);
}

/** Whether a problem is one of all questions, which the page tells once. */
export const isEverywhere = ({ code }) => ['unreachable', 'no-store', 'store', 'token'].includes(code);

/** The address of an answer in a format. */
export const address = (name, fields, format = 'json') => {
  const query = fields.toString();
  return `/api/queries/${encodeURIComponent(name)}.${format}${query ? `?${query}` : ''}`;
};

/** The rows of an answer. */
export const ask = async (name, fields, signal) => (await get(address(name, fields), signal)).json();

/** The statement that answers a question. */
export const statement = async (name, fields) => (await get(address(name, fields, 'sql'))).text();

/** What there is to ask: queries by name, and where the charts library is. */
export async function describe() {
  const description = await (await get('/api/queries')).json();
  return {
    queries: new Map(description.queries.map((query) => [query.name, query])),
    broken: description.broken,
    chartsLibrary: description.charts_library,
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
