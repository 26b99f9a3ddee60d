-- Mirrors of the settings status.custom and types.custom, so that SQL can join them. Whoever sets those writes these.
CREATE TABLE IF NOT EXISTS custom_statuses (
  name VARCHAR(64) NOT NULL PRIMARY KEY,
  category VARCHAR(32) NOT NULL DEFAULT 'unspecified'
);

CREATE TABLE IF NOT EXISTS custom_types (
  name VARCHAR(64) NOT NULL PRIMARY KEY
);
