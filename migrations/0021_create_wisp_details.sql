-- @local
-- What hangs on a wisp. No foreign keys: the other end may be an issue.
CREATE TABLE IF NOT EXISTS wisp_labels (
  issue_id VARCHAR(255) NOT NULL,
  label VARCHAR(255) NOT NULL,
  PRIMARY KEY (issue_id, label),
  INDEX idx_wisp_labels_label (label)
);

CREATE TABLE IF NOT EXISTS wisp_dependencies (
  issue_id VARCHAR(255) NOT NULL,
  depends_on_id VARCHAR(255) NOT NULL,
  type VARCHAR(32) NOT NULL DEFAULT 'blocks',
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  created_by VARCHAR(255) DEFAULT '',
  metadata JSON DEFAULT (JSON_OBJECT()),
  thread_id VARCHAR(255) DEFAULT '',
  PRIMARY KEY (issue_id, depends_on_id),
  INDEX idx_wisp_dep_depends (depends_on_id)
);

CREATE TABLE IF NOT EXISTS wisp_events (
  id CHAR(36) NOT NULL DEFAULT (UUID()) PRIMARY KEY,
  issue_id VARCHAR(255) NOT NULL,
  event_type VARCHAR(32) NOT NULL,
  actor VARCHAR(255) DEFAULT '',
  old_value TEXT DEFAULT '',
  new_value TEXT DEFAULT '',
  comment TEXT DEFAULT '',
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  INDEX idx_wisp_events_issue (issue_id)
);

CREATE TABLE IF NOT EXISTS wisp_comments (
  id CHAR(36) NOT NULL DEFAULT (UUID()) PRIMARY KEY,
  issue_id VARCHAR(255) NOT NULL,
  author VARCHAR(255) DEFAULT '',
  text TEXT NOT NULL,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  INDEX idx_wisp_comments_issue (issue_id)
);
