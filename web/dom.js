// Elements are made from text only: nothing that a post says is ever read as HTML.

/** An element with properties and children; `on` holds listeners, `class` and `aria-…` are attributes. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === 'text') {
      element.textContent = value;
    } else if (name === 'data') {
      Object.assign(element.dataset, value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A button with a label and what it does. */
export function button(label, onClick, properties = {}) {
  return el('button', { type: 'button', text: label, on: { click: onClick }, ...properties });
}

/** The element of an id, which the page is known to have. */
export const byId = (id) => document.getElementById(id);

const svgSpace = 'http://www.w3.org/2000/svg';

/** An SVG element with attributes. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const shapes = {
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  close: 'M6 6l12 12M18 6L6 18',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5l11 7-11 7z',
  refresh: 'M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6',
  share: 'M12 15V4m0 0L8 8m4-4l4 4M5 12v7h14v-7',
  export: 'M12 4v11m0 0l-4-4m4 4l4-4M5 19h14',
  theme: 'M20 14.5A8 8 0 1 1 9.5 4a6.5 6.5 0 0 0 10.5 10.5z',
  help: 'M9.5 9.3a2.6 2.6 0 1 1 3.7 2.4c-.8.4-1.2.9-1.2 1.8M12 17h.01',
  chevron: 'M7 10l5 5 5-5',
};

/** A small drawing, for the eye only. */
export function icon(name) {
  return svg('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' },
    svg('path', { d: shapes[name] }));
}

/** A button that shows a drawing and tells its label. */
export function iconButton(name, label, onClick, properties = {}) {
  const element = el('button', {
    type: 'button', class: 'icon-button', 'aria-label': label, title: label,
    on: { click: onClick }, ...properties,
  });
  element.append(icon(name));
  return element;
}

/** Puts a text into the clipboard, or shows it where that is not allowed. */
export async function copy(text, done = 'Copied') {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast(text);
  }
}

let toastTimer;

/** Tells something for a few seconds. */
export function toast(text) {
  const element = byId('toast');
  // Shown anew it is above any dialog that has opened meanwhile.
  element.hidePopover();
  element.showPopover();
  element.textContent = text;
  element.classList.add('shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    element.classList.remove('shown');
    element.hidePopover();
  }, 3000);
}
