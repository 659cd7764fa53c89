// The course of a value over time: where it stands on an axis of instants, and where nothing was counted.
import { instantOf, wall } from './zone.js';

const minute = 60000;
const hour = 60 * minute;
const day = 24 * hour;
const widths = { minute, hour, day };
const steps = [1, 2, 5, 10, 15, 30].map((count) => count * minute)
  .concat([1, 2, 3, 6, 12].map((count) => count * hour), [1, 2, 7, 14].map((count) => count * day));

/**
 * The instants at which buckets of rows begin, in order, and of each stretch of buckets without rows the
 * first and the last, so that no line leads over it. Without a `bucket` there are no such stretches.
 */
export function instants(rows, x, bucket, zone) {
  const all = [...new Set(rows.map((row) => Date.parse(row[x])))].sort((a, b) => a - b);
  if (!bucket) return all;
  // Days of a zone do not all have 24 hours.
  const next = (instant, count) => (bucket === 'day' && zone !== 'UTC'
    ? instantOf(wall(instant, zone) + count * day, zone) : instant + count * widths[bucket]);
  return all.flatMap((instant, index) => {
    const following = all[index + 1];
    if (following === undefined || following - instant < 1.5 * widths[bucket]) return [instant];
    return [...new Set([instant, next(instant, 1), next(following, -1)])];
  });
}

/** Pairs of instant and value. Where there is no row there is nothing, of which a count is 0. */
export function course(rows, x, { name, kind }, at) {
  const values = new Map(rows.map((row) => [Date.parse(row[x]), row[name]]));
  return at.map((instant) => [instant, values.has(instant) ? values.get(instant) : kind === 'count' ? 0 : null]);
}

/** Instants for the labels of an axis: whole minutes, hours or days of the zone. */
export function ticks(from, to, zone) {
  const step = steps.find((width) => (to - from) / width <= 8) ?? Math.ceil((to - from) / 8 / day) * day;
  const found = [];
  for (let at = Math.ceil(wall(from, zone) / step) * step; ; at += step) {
    const instant = instantOf(at, zone);
    if (!(instant <= to)) return found;
    if (instant >= from && instant !== found.at(-1)) found.push(instant);
  }
}
