-- @local
-- An issue that lives among the wisps for good: no history, but no expiry either.
-- @unless column issues.no_history
ALTER TABLE issues ADD COLUMN no_history TINYINT(1) DEFAULT 0;

-- @unless column wisps.no_history
ALTER TABLE wisps ADD COLUMN no_history TINYINT(1) DEFAULT 0;
