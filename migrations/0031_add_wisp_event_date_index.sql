-- @local
CREATE INDEX IF NOT EXISTS idx_wisp_events_created_at ON wisp_events (created_at);
