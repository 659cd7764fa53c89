// Draws with the charts library, if the server has it.
import { el } from './dom.js';
import { isPrinting, isStill } from './theme.js';

let library = null;
let isMissing = false;

/** Loads the library, if the server has it. */
export async function loadLibrary() {
  await new Promise((resolve) => {
    document.head.append(el('script', { src: '/assets/echarts.js', on: { load: resolve, error: resolve } }));
  });
  library = window.echarts ?? null;
  isMissing = !library;
}

/** Whether charts can be drawn, or perhaps in a moment. */
export const mayDraw = () => !isMissing;

/** Whether charts can be drawn now. */
export const canDraw = () => library !== null;

/** A chart in an element, which it fills whatever size that takes; `size` is that size, if it is known. */
export class Chart {
  constructor(element, size) {
    this.element = element;
    this.isDrawn = false;
    // Paper shows more than a screen.
    this.chart = library.init(element, null, { renderer: 'canvas', devicePixelRatio: isPrinting() ? 3 : undefined, ...size });
    // It is told of the first size, too, at which the chart is drawn already.
    this.observer = new ResizeObserver(() => {
      if (element.clientWidth !== this.chart.getWidth() || element.clientHeight !== this.chart.getHeight()) this.chart.resize({ width: 'auto', height: 'auto' });
    });
    this.observer.observe(element);
  }

  /** Draws anew. `isSame` keeps what the user has opened, as a level of a sunburst. */
  draw(option, isSame) {
    // A chart is there at once; only what changes moves.
    this.chart.setOption({ animation: this.isDrawn && !isStill(), animationDuration: 0, animationDurationUpdate: 300, ...option },
      { notMerge: !isSame });
    this.isDrawn = true;
  }

  on(event, listener) { this.chart.on(event, listener); }
  act(action) { this.chart.dispatchAction(action); }
  image(background) { return this.chart.getDataURL({ pixelRatio: 2, backgroundColor: background, excludeComponents: ['toolbox'] }); }

  close() {
    this.observer.disconnect();
    this.chart.dispose();
  }
}

/** The box that shows a point: a title and lines of a colour, a name and a value. Made of text only. */
export function tip(title, lines) {
  return el('div', { class: 'tip' }, el('strong', { text: title }),
    lines.map(({ colour, name, value, note }) => {
      const mark = el('span', { class: 'mark' });
      if (colour) mark.style.setProperty('--mark', colour);
      return el('div', { class: 'tip-line' }, colour ? mark : null, el('span', { class: 'grow', text: name }),
        el('span', { class: 'number', text: value }), note ? el('span', { class: 'muted', text: note }) : null);
    }));
}
