-- Issues that can be worked on, for people with a SQL prompt; bd itself computes readiness from the tables.
-- Held are issues with an unfinished blocker, and their descendants up to 50 steps (which ends a cycle).
CREATE VIEW IF NOT EXISTS ready_issues AS
WITH RECURSIVE held (id, steps) AS (
  SELECT edge.issue_id, 0
  FROM dependencies AS edge
  JOIN issues AS blocker ON blocker.id = edge.depends_on_id
  WHERE edge.type = 'blocks' AND blocker.status NOT IN ('closed', 'pinned')
  UNION
  SELECT edge.issue_id, held.steps + 1
  FROM held
  JOIN dependencies AS edge ON edge.depends_on_id = held.id
  WHERE edge.type = 'parent-child' AND held.steps < 50
)
SELECT i.*
FROM issues AS i
WHERE i.status = 'open'
  AND COALESCE(i.ephemeral, 0) = 0
  AND (i.defer_until IS NULL OR i.defer_until <= UTC_TIMESTAMP())
  AND i.id NOT IN (SELECT held.id FROM held)
  AND i.id NOT IN (
    SELECT edge.issue_id
    FROM dependencies AS edge
    JOIN issues AS parent ON parent.id = edge.depends_on_id
    WHERE edge.type = 'parent-child' AND parent.defer_until > UTC_TIMESTAMP()
  );
