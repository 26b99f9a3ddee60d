import { expect, test } from "vitest";
import type { FlagSettings, SettingSources } from "../../../src/config/settings/setting-files.ts";
import { resolveEndpoint } from "../../../src/config/settings/settings.ts";
import type { Metadata } from "../../../src/config/workspace/metadata.ts";
import type { YamlSettings } from "../../../src/config/yaml/yaml-settings.ts";
import { initMetadata } from "../../../src/ops/workspace/init-metadata.ts";

interface Said {
  readonly flags?: FlagSettings;
  readonly env?: Readonly<Record<string, string>>;
  readonly project?: Readonly<Record<string, string>>;
  readonly person?: Readonly<Record<string, string>>;
  readonly metadata?: Metadata;
}

function yaml(path: string, entries: Readonly<Record<string, string>> = {}): YamlSettings {
  return { path, entries: new Map(Object.entries(entries).map(([key, value]) => [key, { value, line: 1 }])) };
}

function written({ flags, env = {}, project, person, metadata }: Said): Metadata {
  const sources: SettingSources = {
    view: { env, cwd: "/p", home: "/home/ann" },
    flags,
    metadata,
    project: [yaml("config.yaml", project)],
    person: yaml("own.yaml", person),
  };
  return initMetadata(sources, { endpoint: resolveEndpoint(sources), database: "beads_x", projectId: "id" });
}

const PLACE = { "dolt.host": "db.example.org", "dolt.port": "3308" };

test.each<[string, Said, Metadata]>([
  ["nobody", {}, { dolt_server_port: 3307 }],
  ["a flag", { flags: PLACE }, { dolt_server_host: "db.example.org", dolt_server_port: 3308 }],
  [
    "a flag with the default",
    { flags: { "dolt.host": "127.0.0.1" } },
    { dolt_server_host: "127.0.0.1", dolt_server_port: 3307 },
  ],
  ["the project", { project: PLACE }, { dolt_server_host: "db.example.org", dolt_server_port: 3308 }],
  [
    "the environment",
    { env: { BEADS_DOLT_SERVER_HOST: "db.example.org", BEADS_DOLT_PORT: "3308" } },
    { dolt_server_port: 3307 },
  ],
  ["the person's settings", { person: PLACE }, {}],
  ["the person's socket", { env: { BEADS_DOLT_SERVER_SOCKET: "/run/d.sock" } }, { dolt_server_port: 3307 }],
  ["an older file", { metadata: { dolt_mode: "server", dolt_server_port: 4000 } }, { dolt_server_port: 4000 }],
  ["an older file without", { metadata: { dolt_mode: "server" }, env: { BEADS_DOLT_PORT: "3308" } }, {}],
])("metadata.json says of the server what the project says: %s", (_title, said, expected) => {
  const always = { database: "dolt", backend: "dolt", dolt_mode: "server", dolt_database: "beads_x", project_id: "id" };
  const older = { dolt_mode: "server", dolt_database: "beads_x", project_id: "id" };
  expect(written(said)).toEqual({ ...(said.metadata === undefined ? always : older), ...expected });
});
