-- One edge per ordered pair. No foreign key on depends_on_id: the target may be a wisp, external, or not here yet.
CREATE TABLE IF NOT EXISTS dependencies (
  issue_id VARCHAR(255) NOT NULL,
  depends_on_id VARCHAR(255) NOT NULL,
  type VARCHAR(32) NOT NULL DEFAULT 'blocks',
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  created_by VARCHAR(255) NOT NULL,
  metadata JSON DEFAULT (JSON_OBJECT()),
  thread_id VARCHAR(255) DEFAULT '',
  PRIMARY KEY (issue_id, depends_on_id),
  INDEX idx_dependencies_issue (issue_id),
  INDEX idx_dependencies_depends_on (depends_on_id),
  INDEX idx_dependencies_depends_on_type (depends_on_id, type),
  INDEX idx_dependencies_thread (thread_id),
  CONSTRAINT fk_dep_issue FOREIGN KEY (issue_id) REFERENCES issues (id) ON DELETE CASCADE
);
