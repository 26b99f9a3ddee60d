-- Display times of tips, version stamps and cursors of trackers: true of one machine, so they leave the history.
INSERT IGNORE INTO local_metadata (`key`, value)
SELECT m.`key`, m.value FROM metadata AS m
WHERE LEFT(m.`key`, 4) = 'tip_' OR m.`key` IN ('bd_version', 'bd_version_max');

INSERT IGNORE INTO local_metadata (`key`, value)
SELECT c.`key`, c.value FROM config AS c WHERE RIGHT(c.`key`, 10) = '.last_sync';

DELETE FROM metadata WHERE LEFT(`key`, 4) = 'tip_' OR `key` IN ('bd_version', 'bd_version_max');

DELETE FROM config WHERE RIGHT(`key`, 10) = '.last_sync';
