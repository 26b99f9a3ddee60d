-- Unfinished issues with at least one unfinished blocker, and how many those are.
CREATE VIEW IF NOT EXISTS blocked_issues AS
SELECT i.*, waits.blockers AS blocked_by_count
FROM issues AS i
JOIN (
  SELECT edge.issue_id, COUNT(*) AS blockers
  FROM dependencies AS edge
  JOIN issues AS blocker ON blocker.id = edge.depends_on_id
  WHERE edge.type = 'blocks'
    AND blocker.status NOT IN ('closed', 'pinned')
  GROUP BY edge.issue_id
) AS waits ON waits.issue_id = i.id
WHERE i.status NOT IN ('closed', 'pinned');
