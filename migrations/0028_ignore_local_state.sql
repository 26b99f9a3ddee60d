-- What belongs to one machine only made merge conflicts. Dolt ignores only tables that are not tracked, so the tracked
-- table goes: its removal is staged here, because once the name is ignored a commit of everything leaves it out.
-- Being @local, 0011 makes the table anew after the commit. It is a cache: nothing is lost.
-- @unless ignored repo_mtimes
DROP TABLE IF EXISTS repo_mtimes;

-- @unless ignored repo_mtimes
CALL DOLT_ADD('-A');

INSERT INTO dolt_ignore (pattern, ignored) VALUES ('local_metadata', TRUE), ('repo_mtimes', TRUE)
ON DUPLICATE KEY UPDATE ignored = TRUE;
