-- As 0018, and a custom status of category done or frozen counts as finished, of the issue and of its blockers.
CREATE OR REPLACE VIEW blocked_issues AS
SELECT i.*, waits.blockers AS blocked_by_count
FROM issues AS i
JOIN (
  SELECT edge.issue_id, COUNT(*) AS blockers
  FROM dependencies AS edge
  JOIN issues AS blocker ON blocker.id = edge.depends_on_id
  WHERE edge.type = 'blocks'
    AND blocker.status NOT IN ('closed', 'pinned')
    AND blocker.status NOT IN (SELECT s.name FROM custom_statuses AS s WHERE s.category IN ('done', 'frozen'))
  GROUP BY edge.issue_id
) AS waits ON waits.issue_id = i.id
WHERE i.status NOT IN ('closed', 'pinned')
  AND i.status NOT IN (SELECT s.name FROM custom_statuses AS s WHERE s.category IN ('done', 'frozen'));
