-- The audit trail: who changed which issue, from what to what.
CREATE TABLE IF NOT EXISTS events (
  id CHAR(36) NOT NULL DEFAULT (UUID()) PRIMARY KEY,
  issue_id VARCHAR(255) NOT NULL,
  event_type VARCHAR(32) NOT NULL,
  actor VARCHAR(255) NOT NULL,
  old_value TEXT,
  new_value TEXT,
  comment TEXT,
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  INDEX idx_events_issue (issue_id),
  INDEX idx_events_created_at (created_at),
  CONSTRAINT fk_events_issue FOREIGN KEY (issue_id) REFERENCES issues (id) ON DELETE CASCADE
);
