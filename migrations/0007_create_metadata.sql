-- What the programs know about the database itself, such as _project_id.
CREATE TABLE IF NOT EXISTS metadata (
  `key` VARCHAR(255) NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
