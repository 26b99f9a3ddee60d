import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decideSetting, unheardLines } from "../../src/config/settings/decide-setting.ts";
import { environmentNamesOf, type FoundSetting } from "../../src/config/settings/find-setting.ts";
import type { SettingSources } from "../../src/config/settings/setting-files.ts";
import { SETTINGS, type SettingKey } from "../../src/config/settings/setting-table.ts";
import { workspaceIn } from "../../src/config/workspace/workspace.ts";
import { viewIn } from "./temporary-folder.ts";

/** Two values of each key: of guards, the first is the stricter one. */
const VALUES: Readonly<Record<SettingKey, readonly [string, string]>> = {
  "dolt.host": ["a.example.test", "b.example.test"],
  "dolt.port": ["3308", "3309"],
  "dolt.socket": ["/run/a.sock", "/run/b.sock"],
  "dolt.user": ["ann", "bob"],
  "dolt.tls": ["true", "false"],
  "dolt.database": ["beads_a", "beads_b"],
  "dolt.password": ["a-password", "b-password"],
  "dolt.retry-max": ["1s", "2s"],
  project_id: ["p-a", "p-b"],
  actor: ["ann", "bob"],
  session: ["s-a", "s-b"],
  identity: ["sender-a", "sender-b"],
  json: ["true", "false"],
  "json-envelope": ["true", "false"],
  "trusted-folders": ["/srv/a", "/srv/b"],
  readonly: ["true", "false"],
  "beads.role": ["maintainer", "contributor"],
  "daemon.mode": ["poll", "events"],
  "daemon.autostart": ["true", "false"],
  "daemon.idle-exit": ["1s", "2s"],
  "daemon.debounce-ms": ["701", "702"],
  "daemon.watcher-fallback": ["true", "false"],
  "daemon.poll-interval": ["1s", "2s"],
  "daemon.feed-interval": ["1s", "2s"],
  "serve.host": ["127.0.0.1", "::1"],
  "serve.port": ["3381", "3382"],
  "serve.names": ["a.example.test", "b.example.test"],
  "serve.token-file": ["/run/a.token", "/run/b.token"],
  "serve.enabled": ["true", "false"],
  "sync.jsonl": ["true", "false"],
  "sync.flush": ["always", "manual"],
  "sync.implicit_deletes": ["win", "lose"],
  "sync.branch": ["beads-sync", "other"],
  "tracker.mirror": ["true", "false"],
  "tracker.prefix": ["a:", "b:"],
  "tracker.project": ["a", "b"],
  "tracker.statuses": ["six", "a=open,b=closed"],
  issue_prefix: ["a", "b"],
  issue_id_mode: ["counter", "hash"],
  min_hash_length: ["4", "5"],
  max_hash_length: ["6", "7"],
  max_collision_prob: ["0.1", "0.2"],
  allowed_prefixes: ["a", "b"],
  "status.custom": ["a", "b"],
  "types.custom": ["a", "b"],
  "types.infra": ["a", "b"],
  "federation.remote": ["https://a.example.test/o/d", "https://b.example.test/o/d"],
  "federation.auto": ["true", "false"],
  "federation.auto-interval": ["1s", "2s"],
  "federation.hosts": ["a.example.test", "b.example.test:8443"],
  "federation.sovereignty": ["T4", "T1"],
};

const WORKSPACE = workspaceIn("/shop/.beads");
const PERSON = "/home/ann/.config/bd/config.yaml";
const LOCAL = join(WORKSPACE.beadsDir, "config.local.yaml");

type Kind = "flag" | "environment" | "metadata" | "project" | "person" | "database";
interface Source {
  readonly name: string;
  readonly kind: Kind;
  /** Whether it is the person who speaks there. */
  readonly isPersons: boolean;
  says(value: string): Partial<SettingSources>;
}

const yaml = (path: string, key: string, value: string) => ({ path, entries: new Map([[key, { value, line: 1 }]]) });

/** Every place where somebody could write something about a key, the strongest first. */
function sourcesFor(row: FoundSetting): Source[] {
  const { key, metadata } = row;
  const generic = `BD_${key.toUpperCase().replaceAll(/[.-]/g, "_")}`;
  const variables = new Set([...(row.env ?? []), generic]);
  const source = (name: string, kind: Kind, says: Source["says"]): Source => {
    return { name, kind, isPersons: kind === "flag" || kind === "environment" || kind === "person", says };
  };
  return [
    ...(row.flag === undefined ? [] : [source(row.flag, "flag", (value) => ({ flags: { [key]: value } }))]),
    ...[...variables].map((name) => {
      return source(name, "environment", (value) => ({ view: viewIn("/shop", { [name]: value }) }));
    }),
    ...(metadata === undefined
      ? []
      : [source("metadata.json", "metadata", (value) => ({ metadata: { [metadata]: value } }))]),
    source("config.local.yaml", "project", (value) => ({ project: [yaml(LOCAL, key, value)] })),
    source("config.yaml", "project", (value) => ({ project: [yaml(WORKSPACE.configPath, key, value)] })),
    source("the person's config.yaml", "person", (value) => ({ person: yaml(PERSON, key, value) })),
    source("the table config", "database", (value) => ({ database: new Map([[key, value]]) })),
  ];
}

/** The rule, in words of its own: who may say what. */
function isHeard({ home, trust, fixed, ...row }: FoundSetting, { kind, name }: Source): boolean {
  const livesInFiles = home === "project" || home === "person" || home === "metadata";
  switch (kind) {
    case "flag":
      return true;
    case "environment":
      return (row.env ?? []).includes(name) || ((livesInFiles || home === "credentials") && fixed === undefined);
    case "metadata":
      return true;
    case "project":
      return livesInFiles && fixed === undefined && trust !== "person";
    case "person":
      return livesInFiles && fixed === undefined;
    case "database":
      return home === "database";
  }
}

const merged = (...parts: readonly Partial<SettingSources>[]): SettingSources => ({
  view: viewIn("/shop"),
  workspace: WORKSPACE,
  ...Object.assign({}, ...parts),
});

const rows: readonly FoundSetting[] = Object.entries(SETTINGS).map(([key, row]) => ({ ...row, key }));

function valuesOf({ key }: FoundSetting): readonly [string, string] {
  const values = new Map(Object.entries(VALUES)).get(key);
  if (values === undefined) throw new Error(`no values for ${key}`);
  return values;
}

describe.each(rows)("$key", (row) => {
  const [one, other] = valuesOf(row);
  const sources = sourcesFor(row);

  test.each(sources)("is heard from $name, or ignored with a reason, as the table says", (source) => {
    const { winner, others } = decideSetting(row, merged(source.says(one)));

    if (isHeard(row, source)) expect(winner?.value).toBe(one);
    else {
      expect(winner?.value).toBe(row.default);
      // What is in no source of the key at all, such as a variable that is none, is not even seen.
      for (const word of others.filter(({ value }) => value === one)) expect(word.why).toMatch(/\w/);
      if (source.kind === "project") expect(others).toContainEqual(expect.objectContaining({ value: one }));
    }
  });

  test("counts as the strongest of two that may say it has it, or the stricter, or both where a list unites", () => {
    const pairs = sources.flatMap((strong, at) => sources.slice(at + 1).map((weak) => [strong, weak] as const));
    for (const [strong, weak] of pairs.filter(([a, b]) => disjoint(a.says(one), b.says(one)))) {
      for (const [said, weaklySaid] of [[one, other] as const, [other, one] as const]) {
        const { winner } = decideSetting(row, merged(strong.says(said), weak.says(weaklySaid)));
        const label = `${strong.name} says ${said}, ${weak.name} says ${weaklySaid}`;
        expect(winner?.value, label).toBe(expected(row, [strong, said], [weak, weaklySaid]));
      }
    }
  });

  test("is not what a project says where it is the person's to say, and the person hears of that once", () => {
    const project = [yaml(WORKSPACE.configPath, row.key, one), yaml(LOCAL, row.key, other)];
    const lines = unheardLines(merged({ project }));

    if (row.trust !== "person") expect(lines).toEqual([]);
    else {
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(line).toContain(row.key);
      expect(lines.map((line) => line.split(",")[0])).toEqual([WORKSPACE.configPath, LOCAL]);
    }
    for (const line of lines) expect(line).not.toContain(one);
  });
});

/** Two sources of one kind would stand in each other's place. */
function disjoint(a: Partial<SettingSources>, b: Partial<SettingSources>): boolean {
  return Object.keys(a).every((key) => !(key in b));
}

type Said = readonly [Source, string];

function expected(row: FoundSetting, strong: Said, weak: Said): string | undefined {
  const heard = [strong, weak].filter(([source]) => isHeard(row, source));
  const [first, second] = heard;
  if (first === undefined) return row.default;
  if (row.unites === true) return heard.map(([, value]) => value).join(",");
  const [strictest] = valuesOf(row);
  const fromBothSides = second !== undefined && first[0].isPersons !== second[0].isPersons;
  if (row.trust === "stricter" && fromBothSides && heard.some(([, value]) => value === strictest)) return strictest;
  return first[1];
}

test("of a guard it is said who is stricter", () => {
  const row = { ...SETTINGS.readonly, key: "readonly" };
  const lax = merged({ view: viewIn("/shop", { BD_READONLY: "1" }), project: [yaml(LOCAL, "readonly", "false")] });
  const strict = merged({ view: viewIn("/shop", { BD_READONLY: "0" }), project: [yaml(LOCAL, "readonly", "true")] });

  expect(decideSetting(row, lax).others.map(({ why }) => why)).toEqual([
    "BD_READONLY is stricter",
    "BD_READONLY goes first",
  ]);
  expect(decideSetting(row, strict).others.map(({ why }) => why)).toEqual([
    `${LOCAL}, line 1 is stricter`,
    `${LOCAL}, line 1 goes first`,
  ]);
});

test("a guard's word that can't be read counts, so that the command ends: nothing protects less by a mistake", () => {
  for (const row of rows.filter(({ trust }) => trust === "stricter")) {
    const [strict, lax] = valuesOf(row);
    for (const own of [strict, lax]) {
      const sources = merged(
        { view: viewIn("/shop", { [environmentNamesOf(row)[0] ?? ""]: own }) },
        {
          project: [yaml(WORKSPACE.configPath, row.key, "perhaps")],
        },
      );
      expect(decideSetting(row, sources).winner?.value).toBe("perhaps");
    }
  }
});
