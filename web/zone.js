// Instants, and what the clocks of a time zone show. A wall time is in milliseconds as if it were of UTC.

const formats = new Map();

function formatOf(zone) {
  if (!formats.has(zone)) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' };
    const make = (timeZone) => new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', { timeZone, hourCycle: 'h23', ...parts });
    // The server may know a zone that the browser does not.
    try { formats.set(zone, make(zone)); } catch { formats.set(zone, make('UTC')); }
  }
  return formats.get(zone);
}

/** The wall time of an instant. */
export function wall(instant, zone) {
  const part = Object.fromEntries(formatOf(zone).formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second)
    + (instant % 1000 + 1000) % 1000;
}

/** The instant of a wall time: the first of two, and after the gap if the clocks skip it. */
export function instantOf(wallTime, zone) {
  const day = 86400000;
  const [early, late] = [wallTime - day, wallTime + day].map((near) => wallTime - (wall(near, zone) - near));
  return [early, late].sort((a, b) => a - b).find((instant) => wall(instant, zone) === wallTime) ?? early;
}

/** The instant of an ISO 8601 text, in the zone if it names none; null if it is none. */
export function parse(text, zone) {
  const [, date, clock = '00:00', offset] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/i.exec(text ?? '') ?? [];
  const instant = date ? Date.parse(`${date}T${clock}${offset ?? 'Z'}`) : NaN;
  if (Number.isNaN(instant)) return null;
  return offset ? instant : instantOf(instant, zone);
}

/** `2026-11-25T14:05:00`: the wall time of an instant, to the second. */
export const wallText = (instant, zone) => new Date(wall(instant, zone)).toISOString().slice(0, 19);

/** The same with the offset from UTC, which tells an hour from the same hour again. */
export function iso(instant, zone) {
  const minutes = Math.round((wall(instant, zone) - instant) / 60000);
  const two = (number) => String(Math.trunc(number)).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return wallText(instant, zone) + (minutes === 0 ? 'Z' : offset);
}
