// From the description of a query and its rows to what the charts library draws.
import { cell, compact, label, number, words } from './format.js';
import { colourOf, isDark, token } from './theme.js';
import { tip } from './charts.js';
import { base, categoryAxis, column, measures } from './axes.js';
import { bar } from './bars.js';
import { line } from './lines.js';

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
      data: rows.map((row) => ({ key: row[x], name: label(row[x], column(query, x)), value: row[field], itemStyle: { color: colourOf(x, row[x]) } })),
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
      type: 'heatmap', cursor: 'default', itemStyle: { borderColor: token('surface'), borderWidth: 2, borderRadius: 3 },
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
