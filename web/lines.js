// Lines over time or over anything else.
import { cell, tick, time } from './format.js';
import { token } from './theme.js';
import { tip } from './charts.js';
import { base, categoryAxis, column, split, valueAxis } from './axes.js';
import { course, instants, ticks } from './course.js';
import { iso } from './zone.js';

export function line(query, rows, settings) {
  const { x } = query.chart;
  const { zone, bucket } = settings;
  const isTime = column(query, x).kind === 'time';
  const groups = split(query, rows, settings);
  const kind = column(query, groups[0]?.field).kind;
  const at = isTime ? instants(rows, x, bucket, zone) : [...new Set(rows.map((row) => row[x]))];
  // A logarithm of nothing cannot be drawn.
  const drawn = (value) => (settings.log && value <= 0 ? null : value);
  const points = (group) => (isTime ? course(group.rows, x, column(query, group.field), at)
    : group.rows.map((row) => [row[x], row[group.field]])).map(([place, value]) => [place, drawn(value)]);
  return {
    ...base(),
    tooltip: {
      ...base().tooltip, trigger: 'axis',
      formatter: (shown) => tip(isTime ? time(iso(shown[0].value[0], zone)) : String(shown[0].value[0]),
        shown.map((point) => ({ colour: point.color, name: point.seriesName, value: cell(point.value[1], kind) }))),
    },
    // An axis of numbers: one of time would know of no zones but UTC and the browser's.
    xAxis: isTime ? {
      type: 'value', min: 'dataMin', max: 'dataMax', axisLine: { lineStyle: { color: token('line') } }, splitLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: token('muted'), hideOverlap: true, customValues: ticks(at[0], at.at(-1), zone), formatter: (instant) => tick(iso(instant, zone)) },
    } : categoryAxis(at),
    yAxis: valueAxis(settings.log, kind),
    brush: { xAxisIndex: 0, brushStyle: { color: 'rgba(47,111,222,0.15)', borderColor: token('accent') }, transformable: false },
    toolbox: { show: false },
    series: groups.map((group) => {
      const data = points(group);
      return {
        name: group.name, type: 'line', showSymbol: data.some((point, index) => isAlone(data, index)), symbolSize: 6, lineStyle: { width: 2 },
        cursor: settings.isLink ? 'pointer' : 'default',
        itemStyle: { color: group.colour }, emphasis: { focus: 'series' }, connectNulls: false, data,
        ...(settings.marks && group.value === 'negative' ? spikes(group, x, settings.marks) : {}),
      };
    }),
  };
}

/** Whether a point has no neighbour that a line could lead to. */
const isAlone = (data, index) => data[index][1] !== null
  && [index - 1, index + 1].every((other) => (data[other]?.[1] ?? null) === null);

const spikes = (group, x, marks) => ({
  markPoint: {
    symbol: 'pin', symbolSize: 34, label: { formatter: '!', color: '#fff' }, itemStyle: { color: '#b3261e' },
    data: group.rows.filter((row) => marks.has(row[x]))
      .map((row) => ({ name: 'Spike', coord: [Date.parse(row[x]), row[group.field]] })),
  },
});
