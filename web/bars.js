// Bars: one for each row, or groups and stacks of them.
import { cell, change, compact, label, words } from './format.js';
import { colourOf, isDark, token } from './theme.js';
import { tip } from './charts.js';
import { base, categoryAxis, column, split, valueAxis } from './axes.js';

export function bar(query, rows, settings) {
  const { x, series } = query.chart;
  const groups = split(query, rows, settings);
  // With series several rows stand at one place.
  const keys = series ? [...new Set(rows.map((row) => row[x]))] : rows.map((row) => row[x]);
  const placed = groups.map((group) => {
    const own = new Map(group.rows.map((row) => [row[x], row]));
    return series ? keys.map((key) => own.get(key)) : rows;
  });
  const names = keys.map((key) => label(key, column(query, x)));
  const value = (group, index) => placed[group][index]?.[groups[group].field] ?? null;
  const sums = keys.map((_, index) => groups.reduce((sum, _, group) => sum + value(group, index), 0));
  const isOne = groups.length === 1 && !series;
  const isFlat = keys.length > 6 || names.some((name) => name.length > 12);
  const kind = column(query, groups[0]?.field).kind;
  const isStacked = settings.whole || (series && kind === 'count');
  const shade = isOne ? shadeOf(query, rows, groups[0].field) : null;
  const axis = categoryAxis(names, isFlat ? { width: 110, overflow: 'truncate' } : { interval: 0, width: 90, overflow: 'truncate' });
  const values = valueAxis(settings.log && !settings.whole, settings.whole ? 'percent' : kind);
  const note = (group, index, field = groups[group].field) => noteOf(placed[group][index], settings.before, x, field);
  return {
    ...base(),
    legend: isOne ? { show: false } : base().legend,
    grid: { ...base().grid, top: isOne ? 12 : 40, right: isFlat && isOne ? 84 : 16 },
    tooltip: {
      ...base().tooltip, trigger: 'axis', axisPointer: { type: 'shadow', shadowStyle: { opacity: 0.08 } },
      formatter: (points) => {
        const index = points[0].dataIndex;
        return tip(names[index], isOne
          ? query.columns.filter((other) => other.name !== x && ['count', 'number', 'percent'].includes(other.kind))
            .map((other) => ({ name: words(other.name), value: cell(rows[index][other.name], other.kind), note: note(0, index, other.name) }))
          : points.map(({ color, seriesName, seriesIndex, value: part }) => ({
            colour: color, name: seriesName, value: cell(value(seriesIndex, index), kind),
            note: settings.whole ? `${Math.round(part)} %` : note(seriesIndex, index),
          })));
      },
    },
    xAxis: isFlat ? values : axis,
    yAxis: isFlat ? { ...axis, inverse: true } : values,
    series: groups.map((group, number) => ({
      name: group.name, type: 'bar', stack: isStacked ? 'all' : undefined, barMaxWidth: 34, cursor: settings.isLink ? 'pointer' : 'default',
      itemStyle: { color: group.colour, borderRadius: isStacked ? 0 : isFlat ? [0, 4, 4, 0] : [4, 4, 0, 0] },
      label: isOne && isFlat ? {
        show: true, position: 'right', color: token('muted'), fontSize: 11,
        formatter: ({ dataIndex }) => [compact(value(0, dataIndex)), note(0, dataIndex)].filter(Boolean).join('  '),
      } : undefined,
      data: keys.map((key, index) => ({
        key, value: settings.whole ? (sums[index] ? value(number, index) / sums[index] * 100 : 0) : value(number, index),
        itemStyle: isOne ? { color: colourOf(x, key) ?? shade?.(rows[index]) ?? token('accent') } : undefined,
      })),
    })),
  };
}

/** How a value has changed against the period before, of which `before` has the rows. */
function noteOf(row, before, x, field) {
  if (!row || !before) return '';
  const earlier = before.rows.get(row[x]);
  // What is missing from all rows had nothing to count.
  const difference = change(row[field], earlier ? earlier[field] : before.isWhole ? 0 : null);
  if (!difference || difference.flat) return '';
  return difference.isNew ? difference.text : `${difference.up ? '▲' : '▼'} ${difference.text}`;
}

/** A shade for each row by its likes, where the length of the bar is something else. */
function shadeOf(query, rows, field) {
  if (field === 'likes' || !query.columns.some((other) => other.name === 'likes')) return null;
  const likes = rows.map((row) => row.likes ?? 0);
  const [low, high] = [Math.min(...likes), Math.max(...likes)];
  const [from, to] = isDark() ? [[58, 92, 150], [120, 190, 255]] : [[150, 184, 236], [22, 70, 160]];
  return (row) => {
    const part = high > low ? ((row.likes ?? 0) - low) / (high - low) : 1;
    return `rgb(${from.map((value, index) => Math.round(value + (to[index] - value) * part)).join(',')})`;
  };
}
