// Follows the store: the server tells that it has changed, and the page asks again, never more often than
// the user wants and not while nobody looks.

import { answered, heard } from './api.js';

const slide = 30000; // A window that ends now moves on even if nothing arrives.

export class Live {
  /** `refresh` asks again and is waited for; `show` is told what there is to show. */
  constructor({ refresh, show }) {
    this.refresh = refresh;
    this.show = show;
    this.every = 2;
    this.isOn = true;
    this.version = undefined;
    this.changed = null;
    this.lag = null;
    this.connection = 'closed';
    this.isStale = false;
    this.last = Date.now();
    document.addEventListener('visibilitychange', () => this.follow());
    setInterval(() => this.tick(), 500);
  }

  /** Sets how it follows: whether at all, and the least seconds between two refreshes. */
  set(isOn, every) {
    this.every = every;
    if (this.isOn === isOn && this.source) return this.tell();
    this.isOn = isOn;
    this.follow();
  }

  follow() {
    const isWanted = this.isOn && !document.hidden;
    if (isWanted && !this.source) this.connect();
    if (!isWanted && this.source) {
      this.source.close();
      this.source = null;
      this.connection = 'closed';
      // Who does not follow the store knows no version of it.
      heard(null);
    }
    this.tell();
  }

  connect() {
    this.connection = 'connecting';
    const source = new EventSource('/api/events');
    this.source = source;
    source.addEventListener('open', () => { this.connection = 'open'; this.tell(); });
    source.addEventListener('error', () => {
      this.connection = 'connecting';
      heard(null);
      // After some answers a browser does not try again by itself.
      if (source.readyState === EventSource.CLOSED) {
        this.source = null;
        setTimeout(() => this.follow(), 2000);
      }
      this.tell();
    });
    source.addEventListener('store', (event) => this.hear(JSON.parse(event.data)));
    source.addEventListener('nostore', () => this.hear({ version: null, changed: null }));
  }

  hear({ version, changed, lag_ms: lag }) {
    this.connection = 'open';
    const then = changed ? Date.parse(changed) : null;
    // The first state is the one that the page has just asked about, unless its answers say otherwise.
    const before = this.version === undefined ? answered() ?? version : this.version;
    // Another store in the place of one may have the same version.
    if (before !== version || (this.version !== undefined && this.changed !== then)) this.isStale = true;
    this.changed = then;
    this.lag = lag ?? null;
    this.version = version;
    heard(version);
    this.tick();
    this.tell();
  }

  /** Refreshes if there is a reason, and it is time. */
  async tick() {
    this.tell();
    if (!this.isOn || document.hidden || this.isBusy) return;
    const since = Date.now() - this.last;
    if (!(this.isStale && since >= this.every * 1000) && since < slide) return;
    await this.now();
  }

  /** Refreshes at once. */
  async now() {
    this.isBusy = true;
    this.isStale = false;
    this.last = Date.now();
    // A question that is slow holds the others back only so long.
    const patience = new Promise((resolve) => { setTimeout(resolve, 2000); });
    try { await Promise.race([this.refresh(), patience]); } finally { this.isBusy = false; }
  }

  tell() {
    const status = !this.isOn ? 'paused'
      : this.connection !== 'open' ? 'reconnecting'
        : this.version === null ? 'nostore'
          : this.changed && Date.now() - this.changed > 60000 ? 'stale' : 'live';
    this.show({ status, changed: this.changed, lag: this.lag, every: this.every });
  }
}
