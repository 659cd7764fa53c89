-- title: Top locations
-- help: The locations of the most posts, with the likes of those posts. Posts without a location are left out.
-- param: limit integer 1..10000 = 10 | how many locations to list
-- column: location text
-- column: posts count
-- column: likes count
-- chart: bar x=location y=posts
SELECT
  location,
  SUM(posts) AS posts,
  SUM(likes) AS likes
FROM location_facts
GROUP BY location
ORDER BY posts DESC, location
LIMIT :limit
