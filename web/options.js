// From the description of a query and its rows to what the charts library draws.
import { cell, compact, label, localTime, number, time, wallClock, words, change } from './format.js';
import { colourOf, isDark, palette, token } from './theme.js';
import { tip } from './charts.js';

const column = (query, name) => query.columns.find((other) => other.name === name) ?? { name, kind: 'text' };
const measures = (query, settings) => (settings.metric ? [settings.metric] : query.chart.y);

/** What every chart has in common. */
function base() {
  return {
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token('text') },
    color: palette,
    tooltip: {
      confine: true, backgroundColor: token('surface'), borderColor: token('line'),
      textStyle: { color: token('text'), fontSize: 12 }, extraCssText: '',
    },
    grid: { left: 8, right: 16, top: 40, bottom: 4, containLabel: true },
    legend: {
      type: 'scroll', top: 0, left: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, itemGap: 14,
      textStyle: { color: token('muted'), fontSize: 12 }, pageTextStyle: { color: token('muted') },
      pageIconColor: token('accent'), pageIconInactiveColor: token('line'),
    },
  };
}

const valueAxis = (isLog, kind) => ({
  type: isLog ? 'log' : 'value',
  axisLabel: { color: token('muted'), hideOverlap: true, formatter: (value) => compact(value) + (kind === 'percent' ? ' %' : '') },
  splitLine: { lineStyle: { color: token('line') } }, splitNumber: 4, axisLine: { show: false }, axisTick: { show: false },
});

const categoryAxis = (data, more = {}) => ({
  type: 'category', data, axisTick: { show: false }, axisLine: { lineStyle: { color: token('line') } },
  axisLabel: { color: token('muted'), hideOverlap: true, ...more },
});

/** Rows gathered into series: a series for each value of a column, or for each measure. */
function split(query, rows, settings) {
  const { series } = query.chart;
  const [first] = measures(query, settings);
  if (!series) {
    return measures(query, settings).map((name) => ({
      name: words(name), value: name, colour: colourOf('measure', name), field: name, rows,
    }));
  }
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row[series])) groups.set(row[series], []);
    groups.get(row[series]).push(row);
  }
  return [...groups].sort(([a], [b]) => String(a).localeCompare(String(b))).map(([value, own]) => ({
    name: label(value, column(query, series)), value, colour: colourOf(series, value), field: first, rows: own,
  }));
}

export function line(query, rows, settings) {
  const { x } = query.chart;
  const isTime = column(query, x).kind === 'time';
  const groups = split(query, rows, settings);
  const at = (row) => (isTime ? wallClock(row[x]) : row[x]);
  const kind = column(query, groups[0]?.field).kind;
  return {
    ...base(),
    useUTC: true,
    tooltip: {
      ...base().tooltip, trigger: 'axis',
      formatter: (points) => tip(isTime ? time(localTime(points[0].value[0])) : String(points[0].value[0]),
        points.map((point) => ({ colour: point.color, name: point.seriesName, value: cell(point.value[1], kind) }))),
    },
    xAxis: {
      type: isTime ? 'time' : 'category', axisLine: { lineStyle: { color: token('line') } }, splitLine: { show: false },
      axisLabel: { color: token('muted'), hideOverlap: true },
    },
    yAxis: valueAxis(settings.log, kind),
    brush: { xAxisIndex: 0, brushStyle: { color: 'rgba(47,111,222,0.15)', borderColor: token('accent') }, transformable: false },
    toolbox: { show: false },
    series: groups.map((group) => ({
      name: group.name, type: 'line', showSymbol: group.rows.length < 3, symbolSize: 6, lineStyle: { width: 2 },
      itemStyle: { color: group.colour }, emphasis: { focus: 'series' }, connectNulls: false, sampling: 'lttb',
      // A logarithm of nothing cannot be drawn.
      data: group.rows.map((row) => [at(row), settings.log && row[group.field] <= 0 ? null : row[group.field]]),
      ...(settings.marks && group.value === 'negative' ? {
        markPoint: {
          symbol: 'pin', symbolSize: 34, label: { formatter: '!', color: '#fff' }, itemStyle: { color: '#b3261e' },
          data: group.rows.filter((row) => settings.marks.has(row[x]))
            .map((row) => ({ name: 'Spike', coord: [at(row), row[group.field]] })),
        },
      } : {}),
    })),
  };
}

export function bar(query, rows, settings) {
  const { x } = query.chart;
  const names = rows.map((row) => label(row[x], column(query, x)));
  const groups = split({ ...query, chart: { ...query.chart, series: null } }, rows, settings);
  const isFlat = rows.length > 6 || names.some((name) => name.length > 12);
  const sums = rows.map((row) => groups.reduce((sum, group) => sum + (row[group.field] ?? 0), 0));
  const isOne = groups.length === 1;
  const kind = column(query, groups[0]?.field).kind;
  const shade = isOne ? shadeOf(query, rows, groups[0].field) : null;
  const axis = categoryAxis(names, isFlat ? { width: 110, overflow: 'truncate' } : { interval: 0, width: 90, overflow: 'truncate' });
  const values = valueAxis(settings.log && !settings.whole, settings.whole ? 'percent' : kind);
  const own = (row) => colourOf(x, row[x]);
  return {
    ...base(),
    legend: isOne ? { show: false } : base().legend,
    grid: { ...base().grid, top: isOne ? 12 : 40, right: isFlat && isOne ? 84 : 16 },
    tooltip: {
      ...base().tooltip, trigger: 'axis', axisPointer: { type: 'shadow', shadowStyle: { opacity: 0.08 } },
      formatter: (points) => {
        const row = rows[points[0].dataIndex];
        const before = settings.before?.get(row[x]);
        const shown = isOne ? query.columns.filter((other) => other.name !== x && ['count', 'number', 'percent'].includes(other.kind)) : null;
        return tip(names[points[0].dataIndex], shown
          ? shown.map((other) => ({ name: words(other.name), value: cell(row[other.name], other.kind), note: noteOf(row, before, other.name) }))
          : points.map((point, index) => ({
            colour: point.color, name: point.seriesName, value: cell(row[groups[index]?.field], kind),
            note: settings.whole ? `${Math.round(point.value)} %` : noteOf(row, before, groups[index]?.field),
          })));
      },
    },
    xAxis: isFlat ? values : axis,
    yAxis: isFlat ? { ...axis, inverse: true } : values,
    series: groups.map((group) => ({
      name: group.name, type: 'bar', stack: settings.whole ? 'all' : undefined, barMaxWidth: 34, cursor: settings.isLink ? 'pointer' : 'default',
      itemStyle: { color: group.colour, borderRadius: settings.whole ? 0 : isFlat ? [0, 4, 4, 0] : [4, 4, 0, 0] },
      label: isOne && isFlat ? {
        show: true, position: 'right', color: token('muted'), fontSize: 11,
        formatter: ({ dataIndex }) => `${compact(rows[dataIndex][group.field])}${grown(rows[dataIndex], group.field)}`,
      } : undefined,
      data: rows.map((row, index) => ({
        value: settings.whole ? (sums[index] ? (row[group.field] ?? 0) / sums[index] * 100 : 0) : row[group.field],
        itemStyle: isOne ? { color: own(row) ?? shade?.(row) ?? token('accent') } : undefined,
      })),
    })),
  };

  function grown(row, field) {
    const note = noteOf(row, settings.before?.get(row[x]), field);
    return note ? `  ${note}` : '';
  }
}

function noteOf(row, before, field) {
  if (!before) return '';
  const difference = change(row[field], before[field]);
  return difference && !difference.flat ? `${difference.up ? '▲' : '▼'} ${difference.text}` : '';
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

export function pie(query, rows, settings) {
  const { x } = query.chart;
  const [field] = measures(query, settings);
  const total = rows.reduce((sum, row) => sum + (row[field] ?? 0), 0);
  return {
    ...base(),
    legend: { ...base().legend, type: 'plain', orient: 'vertical', top: 'middle', right: 0, left: 'auto', align: 'left', itemGap: 10 },
    tooltip: { ...base().tooltip, trigger: 'item', formatter: (point) => tip(point.name, [
      { name: words(field), value: number(point.value) }, { name: 'Share', value: `${point.percent} %` }]) },
    title: {
      text: compact(total), subtext: field, left: '37%', top: '41%', textAlign: 'center', itemGap: 6,
      textStyle: { color: token('text'), fontSize: 22, lineHeight: 26, fontWeight: 650 },
      subtextStyle: { color: token('muted'), fontSize: 12, lineHeight: 14 },
    },
    series: [{
      type: 'pie', radius: ['52%', '80%'], center: ['38%', '50%'], label: { show: false }, cursor: settings.isLink ? 'pointer' : 'default',
      itemStyle: { borderColor: token('surface'), borderWidth: 2 },
      data: rows.map((row) => ({ name: label(row[x], column(query, x)), value: row[field], itemStyle: { color: colourOf(x, row[x]) } })),
    }],
  };
}

export function heatmap(query, rows, settings) {
  const { x, series } = query.chart;
  const [field] = measures(query, settings);
  const [down, across] = [column(query, x), column(query, series)];
  const order = (name, other) => {
    const values = [...new Set(rows.map((row) => row[name]))];
    return other.kind === 'count' ? values.sort((a, b) => a - b) : values;
  };
  const [downs, acrosses] = [order(x, down), order(series, across)];
  const values = rows.map((row) => row[field]).filter((value) => value !== null);
  const kind = column(query, field).kind;
  return {
    ...base(),
    tooltip: { ...base().tooltip, trigger: 'item', formatter: ({ data }) => tip(
      `${label(downs[data[1]], down)}, ${across.name === 'hour' ? `${label(acrosses[data[0]], across)}:00` : label(acrosses[data[0]], across)}`,
      query.columns.filter((other) => other.name !== x && other.name !== series)
        .map((other) => ({ name: words(other.name), value: cell(data[3][other.name], other.kind) }))) },
    grid: { left: 8, right: 8, top: 8, bottom: 44, containLabel: true },
    xAxis: { ...categoryAxis(acrosses.map((value) => label(value, across))), splitArea: { show: false } },
    yAxis: { ...categoryAxis(downs.map((value) => label(value, down)), { width: 90, overflow: 'truncate' }), inverse: true },
    visualMap: {
      min: Math.min(...values, Infinity === Math.min(...values) ? 0 : Infinity), max: Math.max(...values, 0), dimension: 2, orient: 'horizontal', left: 'center', bottom: 0,
      itemHeight: 120, itemWidth: 10, calculable: false, textStyle: { color: token('muted') },
      text: [cell(Math.max(...values, 0), kind), cell(Math.min(...values), kind)],
      inRange: { color: isDark() ? ['#1c2a44', '#2f6fde', '#bfe0ff'] : ['#eaf1fc', '#6fa0ea', '#123f91'] },
    },
    series: [{
      type: 'heatmap', itemStyle: { borderColor: token('surface'), borderWidth: 2, borderRadius: 3 },
      data: rows.map((row) => [acrosses.indexOf(row[series]), downs.indexOf(row[x]), row[field], row]),
    }],
  };
}

export function sunburst(query, rows, settings) {
  const { x, series } = query.chart;
  const [field] = measures(query, settings);
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row[x])) groups.set(row[x], []);
    groups.get(row[x]).push(row);
  }
  return {
    ...base(),
    tooltip: { ...base().tooltip, trigger: 'item', formatter: (point) => tip(
      point.treePathInfo.map((part) => part.name).filter(Boolean).join(' › ') || 'All', [{ name: words(field), value: number(point.value) }]) },
    series: [{
      type: 'sunburst', radius: ['16%', '96%'], sort: undefined, nodeClick: 'rootToNode',
      itemStyle: { borderColor: token('surface'), borderWidth: 1.5, borderRadius: 3 },
      label: { minAngle: 12, color: '#fff', fontSize: 11, width: 70, overflow: 'truncate', textBorderColor: 'rgba(0,0,0,0.35)', textBorderWidth: 2 },
      data: [...groups].map(([value, own]) => ({
        name: label(value, column(query, x)), itemStyle: { color: colourOf(x, value) },
        children: own.map((row) => ({ name: label(row[series], column(query, series)), value: row[field],
          itemStyle: { color: colourOf(x, value), opacity: 0.78 } })),
      })),
    }],
  };
}

/** What draws a form of chart; other forms are tables. */
export const forms = { line, bar, pie, heatmap, sunburst };

/** A chart in words, for those who do not see it. */
export function summary(query, rows, settings = {}) {
  const { form, x } = query.chart;
  if (rows.length === 0) return `${query.title}: nothing in this window.`;
  const field = measures(query, settings)[0];
  const own = column(query, field);
  const sorted = [...rows].filter((row) => row[field] !== null).sort((a, b) => b[field] - a[field]);
  if (sorted.length === 0) return `${query.title}: no values in this window.`;
  const named = (row) => [x, query.chart.series].filter(Boolean)
    .map((name) => label(row[name], column(query, name))).join(', ');
  return `${query.title}: ${form} chart of ${rows.length} values of ${words(field).toLowerCase()}. `
    + `Highest ${cell(sorted[0][field], own.kind)} at ${named(sorted[0])}, lowest ${cell(sorted.at(-1)[field], own.kind)} at ${named(sorted.at(-1))}.`;
}
