-- @local
-- When each repository's file was last read. Per machine: ignored by Dolt since 0028.
CREATE TABLE IF NOT EXISTS repo_mtimes (
  repo_path VARCHAR(512) NOT NULL PRIMARY KEY,
  jsonl_path VARCHAR(512) NOT NULL,
  mtime_ns BIGINT NOT NULL,
  last_checked DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  INDEX idx_repo_mtimes_checked (last_checked)
);
