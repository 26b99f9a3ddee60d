import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  type ContainerNetwork,
  type DoltContainer,
  ROOT_PASSWORD,
  startDoltContainer,
  startNetwork,
} from "../support/container-dolt.ts";
import { needs } from "../support/needs.ts";
import { spawnBd } from "../support/run-bd.ts";

const runs = needs("containers", inject("containers").obstacle);

let network: ContainerNetwork;
const servers: DoltContainer[] = [];
const HUB = `bd-hub-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "bd-container-"));

beforeAll(async () => {
  if (!runs) return;
  network = await startNetwork();
  const env = { DOLT_REMOTE_PASSWORD: ROOT_PASSWORD };
  servers.push(
    await startDoltContainer({ network, name: HUB, arguments: ["--remotesapi-port=8080"] }),
    await startDoltContainer({ network, name: `bd-ann-${process.pid}`, env }),
    await startDoltContainer({ network, name: `bd-bob-${process.pid}`, env }),
  );
});

afterAll(async () => {
  for (const server of servers) await server.stop();
  await network?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A person with a folder, whose `bd` talks to that server. */
function person(name: string, server: DoltContainer | undefined) {
  const [home, dir] = [join(folder, name), join(folder, name, "club")];
  mkdirSync(dir, { recursive: true });
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    BEADS_ACTOR: name,
    BEADS_DOLT_SERVER_PORT: String(server?.endpoint.port),
    BEADS_DOLT_PASSWORD: ROOT_PASSWORD,
    DOLT_REMOTE_USER: "root",
  };
  return async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await spawnBd(args, { cwd: dir, env }).done;
    if (code !== 0) throw new Error(`bd ${args.join(" ")} exited ${code}: ${stdout}${stderr}`);
    return stdout;
  };
}

test("servers in containers push to a third one and pull from it, with the password of their own environment", async () => {
  const [hub, ann, bob] = [servers[0], person("ann", servers[1]), person("bob", servers[2])];
  await hub?.sql("CREATE DATABASE club");
  const url = `http://${HUB}:8080/club`;

  await ann("init", "--prefix", "club");
  await ann("create", "Fix the login", "--id", "club-1");
  await ann("dolt", "remote", "add", "origin", url);
  await ann("dolt", "push");
  await bob("init", "--remote", url);
  await bob("create", "Write the docs", "--id", "club-2");
  await bob("dolt", "push");

  expect(await ann("dolt", "pull")).toContain("+ club-2 Write the docs");
  expect(await hub?.sql("SELECT id, title FROM club.issues ORDER BY id")).toEqual([
    { id: "club-1", title: "Fix the login" },
    { id: "club-2", title: "Write the docs" },
  ]);
});
