-- The last number given out per prefix, where ids are counted instead of hashed.
CREATE TABLE IF NOT EXISTS issue_counter (
  prefix VARCHAR(255) NOT NULL PRIMARY KEY,
  last_id INT NOT NULL DEFAULT 0
);
