-- Two clones that migrate apart would differ in this column alone, and conflict when they merge.
-- @if column schema_migrations.applied_at
ALTER TABLE schema_migrations DROP COLUMN applied_at;
