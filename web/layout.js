// Where the charts stand, and what they offer beyond what their descriptions say. A query that is not
// named here has its place after these.

/** Queries that have a place of their own on the page, which is no chart. */
export const own = new Set([
  'kpis', 'kpis-over-time', 'viral-posts', 'top-influencers', 'recent-posts', 'snapshot', 'posts-with-hashtag',
  'account', 'post', 'sentiment-spikes',
]);

/** Charts in order. */
export const layouts = new Map(Object.entries({
  'likes-over-time': { wide: 'two-thirds', log: true },
  'posts-by-platform': { wide: 'third', views: ['pie', 'bar'] },
  'engagement-by-sentiment': { wide: 'third', whole: true },
  'sentiment-trend': { wide: 'two-thirds', marks: 'sentiment-spikes' },
  'top-topics': { wide: 'third', whole: true },
  'content-types': { wide: 'third', pick: true },
  'top-locations': { wide: 'third', growth: true },
  'top-hashtags': { wide: 'third', growth: true },
  'trending-hashtags': { wide: 'third' },
  'post-types': { wide: 'third' },
  'best-times': { wide: 'two-thirds' },
  'share-of-voice': { wide: 'third', filters: { name: 'topic' } },
  'compare-platforms': { wide: 'third' },
  'engagement-percentiles': { wide: 'third', log: true, startsLog: true },
}));

/** What a query without a place of its own gets. */
export const standard = { wide: 'third' };
