-- Who deleted issues were: an issue that is gone keeps its id for those who never heard of it. Every column is part of
-- the key, and rows are only ever added, so any two tables merge without a conflict.
-- `moved` counts the ids that the issue had tried; `ext` is the event of its creation where one is known.
CREATE TABLE IF NOT EXISTS bd_deleted_issues (
  wanted_id VARCHAR(255) NOT NULL,
  created_by VARCHAR(255) NOT NULL,
  created_at DATETIME NOT NULL,
  ext VARCHAR(64) NOT NULL,
  moved INT NOT NULL,
  PRIMARY KEY (wanted_id, created_by, created_at, ext, moved)
);
