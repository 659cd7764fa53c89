-- title: Locations by hour
-- help: Posts and likes by location and hour of the day, in the time zone, of the locations of the most posts. Posts without a location are left out.
-- param: limit integer 1..10000 = 10 | how many locations to show
-- column: location text
-- column: hour count
-- column: posts count
-- column: likes count
-- chart: heatmap x=location y=posts series=hour
SELECT
  h.location,
  h.hour,
  h.posts,
  h.likes
FROM (
  SELECT location, hour, SUM(posts) AS posts, SUM(likes) AS likes
  FROM location_facts
  GROUP BY location, hour
) AS h
JOIN (
  SELECT location, SUM(posts) AS posts
  FROM location_facts
  GROUP BY location
  ORDER BY posts DESC, location
  LIMIT :limit
) AS l ON l.location = h.location
ORDER BY l.posts DESC, h.location, h.hour
