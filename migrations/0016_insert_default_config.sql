-- Settings of compaction, as data: what a person has set already stays.
INSERT IGNORE INTO config (`key`, value) VALUES
  ('compaction_enabled', 'false'),
  ('compact_tier1_days', '30'),
  ('compact_tier1_dep_levels', '2'),
  ('compact_tier2_days', '90'),
  ('compact_tier2_dep_levels', '5'),
  ('compact_tier2_commits', '100'),
  ('compact_batch_size', '50'),
  ('compact_parallel_workers', '5'),
  ('auto_compact_enabled', 'false');
