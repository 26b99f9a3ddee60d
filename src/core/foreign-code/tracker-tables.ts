/** The tables of a tracker that travel, by the version that makes them; tests compare them with the migrations. */
const VERSIONED_SINCE = [
  ["child_counters", 8],
  ["comments", 4],
  ["compaction_snapshots", 10],
  ["config", 6],
  ["custom_statuses", 24],
  ["custom_types", 24],
  ["dependencies", 2],
  ["events", 5],
  ["federation_peers", 15],
  ["interactions", 14],
  ["issue_counter", 13],
  ["issue_snapshots", 9],
  ["issues", 1],
  ["labels", 3],
  ["metadata", 7],
  ["routes", 12],
  ["schema_migrations", 0],
] as const;

/** Those that Dolt must go on ignoring, because what is in them is nobody else's. */
const LOCAL = [
  "local_metadata",
  "repo_mtimes",
  "wisps",
  "wisp_comments",
  "wisp_dependencies",
  "wisp_events",
  "wisp_labels",
];

/** What later versions of ours add starts so. */
const OUR_PREFIX = "bd_";

const TRACKER_TABLES: readonly string[] = [...VERSIONED_SINCE.map(([name]) => name), ...LOCAL];

const NAMES: ReadonlySet<string> = new Set(TRACKER_TABLES);

export function isTrackerTable(name: string): boolean {
  const lower = name.toLowerCase();
  return NAMES.has(lower) || lower.startsWith(OUR_PREFIX);
}

/** Whether Dolt ignores the table in every tracker, so that no commit may have it. */
export function isLocalTable(name: string): boolean {
  return LOCAL.includes(name.toLowerCase());
}

/** Of the tables that every tracker of that schema has, those that are not among the names; none where there is no tracker. */
export function missingTables(names: ReadonlySet<string>, schemaVersion: number): string[] {
  const there = new Set([...names].map((name) => name.toLowerCase()));
  if (!VERSIONED_SINCE.some(([name]) => there.has(name))) return [];
  return VERSIONED_SINCE.flatMap(([name, since]) => (schemaVersion < since || there.has(name) ? [] : [name]));
}

/** Tables of Dolt's whose rows mean something to it, or to its commands. */
export const DOLTS_LISTS: ReadonlySet<string> = new Set([
  "dolt_schemas",
  "dolt_procedures",
  "dolt_ignore",
  "dolt_query_catalog",
  "dolt_tests",
  "dolt_docs", // texts, and nothing else
]);

/** What a tracker's migrations write into `dolt_ignore`, by the version that does. */
const PATTERNS_SINCE = [
  ["wisps", 19],
  ["wisp_%", 19],
  ["local_metadata", 28],
  ["repo_mtimes", 28],
] as const;

/** What every tracker of that schema keeps out of commits. */
export function trackerPatterns(schemaVersion: number): string[] {
  return PATTERNS_SINCE.flatMap(([pattern, since]) => (schemaVersion >= since ? [pattern] : []));
}

/** No name of ours is that long, and no pattern for them need be. */
const LONGEST_PATTERN = 64;

/**
 * Whether a pattern of `dolt_ignore` says something of a table of the tracker: `*` and `%` stand for any text, `?` for a
 * character.
 */
export function concernsTracker(pattern: string): boolean {
  if (pattern.length > LONGEST_PATTERN) return true;
  const expression = pattern
    .toLowerCase()
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/[*%]+/g, ".*")
    .replaceAll("?", ".");
  const matches = new RegExp(`^${expression}$`, "s");
  return (
    pattern.toLowerCase().startsWith(OUR_PREFIX) ||
    [...TRACKER_TABLES, `${OUR_PREFIX}x`].some((name) => matches.test(name))
  );
}
