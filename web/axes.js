// What charts have in common: colours and letters, axes, and how rows part into series.
import { compact, label, words } from './format.js';
import { colourOf, palette, token } from './theme.js';

/** The column of a name. */
export const column = (query, name) => query.columns.find((other) => other.name === name) ?? { name, kind: 'text' };

/** The columns that are drawn. */
export const measures = (query, settings) => (settings.metric ? [settings.metric] : query.chart.y);

/** A name as a legend has room for it. */
const short = (name) => (name.length > 22 ? `${[...name].slice(0, 21).join('')}…` : name);

/** What every chart has in common. */
export function base() {
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
      formatter: short,
      pageIconColor: token('accent'), pageIconInactiveColor: token('line'),
    },
  };
}

export const valueAxis = (isLog, kind) => ({
  type: isLog ? 'log' : 'value',
  axisLabel: { color: token('muted'), hideOverlap: true, formatter: (value) => compact(value) + (kind === 'percent' ? ' %' : '') },
  splitLine: { lineStyle: { color: token('line') } }, splitNumber: 4, axisLine: { show: false }, axisTick: { show: false },
});

export const categoryAxis = (data, more = {}) => ({
  type: 'category', data, axisTick: { show: false }, axisLine: { lineStyle: { color: token('line') } },
  axisLabel: { color: token('muted'), hideOverlap: true, ...more },
});

/** Rows gathered into series: a series for each value of a column, or for each measure. */
export function split(query, rows, settings) {
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
