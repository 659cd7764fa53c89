-- The time of a post is of the years 0001 to 9999 in its own zone, which in UTC can be the first day of
-- the year 10000. SQLite's date() ends with 9999, so that the view showed NULL there: now such a day is
-- taken ten thousand years, which are 3652425 days, earlier.
DROP VIEW social_posts;

-- The original system's table: its 21 columns by name and order. Hashtags are a JSON array of text, and
-- the timestamp is UTC.
CREATE VIEW social_posts AS
SELECT
  p.post_id,
  u.name AS user_id,
  n.name AS username,
  f.name AS platform,
  pt.name AS post_type,
  ct.name AS content_type,
  t.name AS topic,
  -- CROSS JOIN keeps the order of the array.
  (SELECT json_group_array(s.spelling)
     FROM json_each(p.hashtags) AS e CROSS JOIN hashtag_spellings AS s ON s.id = e.value) AS hashtags,
  se.name AS sentiment,
  lo.name AS location,
  p.likes,
  p.shares,
  p.comments,
  p.views,
  p.rate_hundredths / 100.0 AS engagement_rate,
  p.followers,
  p.is_verified,
  p.is_influencer,
  p.is_viral,
  CASE WHEN p.created_us < 253402300800000000
    THEN date((p.created_us - p.day_us) / 1000000, 'unixepoch')
    ELSE '1' || date((p.created_us - p.day_us) / 1000000 - 315569520000, 'unixepoch')
  END || ' ' || printf(
    '%02d:%02d:%02d.%06d',
    p.day_us / 3600000000, p.day_us / 60000000 % 60, p.day_us / 1000000 % 60, p.day_us % 1000000
  ) AS timestamp,
  la.name AS language
FROM (
  SELECT *, ((created_us % 86400000000) + 86400000000) % 86400000000 AS day_us FROM posts
) AS p
LEFT JOIN users AS u ON u.id = p.user
LEFT JOIN usernames AS n ON n.id = p.username
LEFT JOIN platforms AS f ON f.id = p.platform
LEFT JOIN post_types AS pt ON pt.id = p.post_type
LEFT JOIN content_types AS ct ON ct.id = p.content_type
LEFT JOIN topics AS t ON t.id = p.topic
LEFT JOIN sentiments AS se ON se.id = p.sentiment
LEFT JOIN locations AS lo ON lo.id = p.location
LEFT JOIN languages AS la ON la.id = p.language;
