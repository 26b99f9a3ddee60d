-- Wisps are ephemeral: Dolt neither commits nor pushes their tables. Before 0020, so that they are never tracked.
-- Not INSERT IGNORE: Dolt 1.83 loses the rows when that is the first insert into dolt_ignore.
INSERT INTO dolt_ignore (pattern, ignored) VALUES ('wisps', TRUE), ('wisp_%', TRUE)
ON DUPLICATE KEY UPDATE ignored = TRUE;
