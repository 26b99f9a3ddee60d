-- Settings that travel with the data.
CREATE TABLE IF NOT EXISTS config (
  `key` VARCHAR(255) NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
