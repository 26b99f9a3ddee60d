-- The last number given to a child of each parent. No foreign key: a parent may be a wisp.
CREATE TABLE IF NOT EXISTS child_counters (
  parent_id VARCHAR(255) NOT NULL PRIMARY KEY,
  last_child INT NOT NULL DEFAULT 0
);
