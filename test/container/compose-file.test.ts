import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod/mini";
import { MINIMUM_DOLT_VERSION } from "../../src/server/dolt/dolt-version.ts";
import { serverImage } from "../support/container-engine.ts";
import { fencedBlocks, readDocuments } from "../support/documents.ts";

const ROOT = join(import.meta.dirname, "../..");
const Service = z.object({ command: z.array(z.string()), ports: z.optional(z.array(z.string())) });
const ComposeFile = z.object({ services: z.record(z.string(), Service) });
const ServerSettings = z.object({
  behavior: z.object({ autocommit: z.boolean() }),
  system_variables: z.object({ secure_file_priv: z.string() }),
});

const text = readFileSync(join(ROOT, "docker-compose.yml"), "utf8");
const { services } = ComposeFile.parse(parse(text, { merge: true }));

test("the compose file gives its user the rights that docs/security.md gives to agents", () => {
  const document = readDocuments().find(({ path }) => path === "docs/security.md");
  const blocks = document === undefined ? [] : fencedBlocks(document, "sql");
  const agent = blocks.find(([first = ""]) => first.startsWith("CREATE USER IF NOT EXISTS 'agent'"));
  const granted = services["bd-rights"]?.command.at(-1)?.trim().split("\n");

  expect(
    granted?.map((line) => line.replace("`${BD_DATABASE:-beads}`", "beads_club").replace("'bd'", "'agent'")),
  ).toEqual(agent?.slice(1));
});

test("the compose file runs the oldest Dolt that bd works with", () => {
  expect(serverImage()).toBe(`dolthub/dolt-sql-server:${MINIMUM_DOLT_VERSION}`);
});

test("the compose file publishes ports to this machine alone", () => {
  const published = Object.values(services).flatMap(({ ports }) => ports ?? []);

  expect(published).toEqual(["127.0.0.1:${BD_PORT:-3307}:3306", "127.0.0.1:${BD_REMOTE_PORT:-8080}:8080"]);
});

test.each(["server", "remote"])("docker/%s.yaml keeps Dolt from committing by itself, and users from files", (name) => {
  const settings = ServerSettings.parse(parse(readFileSync(join(ROOT, "docker", `${name}.yaml`), "utf8")));

  expect(settings).toEqual({
    behavior: { autocommit: false },
    system_variables: { secure_file_priv: "/nonexistent" },
  });
});
