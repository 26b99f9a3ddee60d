-- @local
-- @unless column issues.started_at
ALTER TABLE issues ADD COLUMN started_at DATETIME;

-- @unless column wisps.started_at
ALTER TABLE wisps ADD COLUMN started_at DATETIME;
