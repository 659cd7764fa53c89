// Numbers and times for the eye. Times come in the zone that was asked for, and are shown as they come.

const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** A number in full. */
export const number = (value) =>
  value === null || value === undefined ? '–' : fine.format(value);

/** A number in few characters. */
export const compact = (value) =>
  value === null || value === undefined ? '–' : Math.abs(value) < 10000 ? number(value) : short.format(value);

/** A value of a column, in full. */
export function cell(value, kind) {
  if (value === null || value === undefined) return '–';
  switch (kind) {
    case 'count': case 'number': return number(value);
    case 'percent': return `${fine.format(value)} %`;
    case 'time': return time(value);
    case 'flag': return value ? 'yes' : 'no';
    default: return String(value);
  }
}

/** A value of an axis: short, and in words where numbers stand for them. */
export function label(value, column) {
  if (column.name === 'weekday') return weekdays[value - 1] ?? String(value);
  if (column.name === 'hour') return String(value).padStart(2, '0');
  return cell(value, column.kind).replace(turns, '\ufffd');
}

/** The name of a column in words. */
export const words = (name) =>
  name.replace(/_pct$/, ' %').replace(/_/g, ' ').replace(/^./, (first) => first.toUpperCase())
    .replace(/^Avg /, 'Average ');

// Marks that turn the direction of writing would turn that of a whole chart.
const turns = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const parts = (iso) => /^(\d+)-(\d\d)-(\d\d)T(\d\d:\d\d)[\d:.]*(?:Z|([+-]\d\d(?::(?!00)\d\d)?))?/.exec(iso);

/** `25 Nov 14:05 +01`, of the current year or not; the offset tells an hour from the same hour again. */
export function time(iso) {
  const [, year, month, day, clock, offset] = parts(iso) ?? [];
  if (!year) return String(iso);
  const shown = Number(year) === new Date().getFullYear() ? '' : ` ${year}`;
  return `${Number(day)} ${months[Number(month) - 1]}${shown} ${clock}${offset ? ` ${offset}` : ''}`;
}

/** The same at an axis: `14:05`, or the day where it begins. */
export function tick(iso) {
  const [, year, month, day, clock] = parts(iso) ?? [];
  if (clock !== '00:00') return clock ?? String(iso);
  return `${Number(day)} ${months[Number(month) - 1]}${Number(year) === new Date().getFullYear() ? '' : ` ${year}`}`;
}

/** How long ago: `4 s`, `3 min`, `2 h`, `5 d`. */
export function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

/** The change from one value to another: its text and whether it is up; null where there is none. */
export function change(now, before) {
  if (before === null || before === undefined || now === null || now === undefined) return null;
  if (before === 0) return now === 0 ? null : { text: 'new', up: true, isNew: true };
  const percent = (now - before) / Math.abs(before) * 100;
  const size = Math.abs(percent);
  const text = size >= 1000 ? `×${compact(now / before)}` : `${size < 10 ? size.toFixed(1) : size.toFixed(0)} %`;
  return { text, up: percent >= 0, flat: size < 0.05 };
}
