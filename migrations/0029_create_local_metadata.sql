-- @local
-- As metadata, but of this machine alone. Readers expect a key to be missing.
CREATE TABLE IF NOT EXISTS local_metadata (
  `key` VARCHAR(255) NOT NULL PRIMARY KEY,
  value TEXT NOT NULL DEFAULT ''
);
