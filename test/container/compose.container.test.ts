import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ComposeCommand, ComposeMachine, commandLines, composeObstacle } from "../support/container-compose.ts";
import { blocksBySection } from "../support/container-document.ts";
import { needs } from "../support/needs.ts";

const ROOT = join(import.meta.dirname, "../..");
const COMMANDS: readonly ComposeCommand[] = ["docker compose", "docker-compose"];
const SECTIONS = blocksBySection("docs/deploy-compose.md");
const followed = new Set<string>();

describe.each(COMMANDS)("docs/deploy-compose.md, followed word for word with %s,", (command) => {
  const runs = needs("containers", composeObstacle(command));
  let machine: ComposeMachine;
  const secrets: string[] = [];

  beforeAll(async () => {
    if (runs) machine = await ComposeMachine.make(command);
  });

  afterAll(() => machine?.remove());

  /** Types the blocks of a section and compares what they print with what the document shows. */
  async function follow(section: string, leaveOut = /^$/m): Promise<void> {
    const blocks = SECTIONS.get(section);
    if (blocks === undefined) throw new Error(`the document has no section "${section}"`);
    followed.add(section);
    for (const block of blocks) {
      if (block.kind === "sh") {
        await machine.run(block.lines.replace(leaveOut, ":"));
        if (block.lines.includes(" up -d")) await machine.ready();
        continue;
      }
      for (const { line, output } of block.steps) {
        expect(timeless(`${line}\n${(await machine.type(line)).output}`)).toBe(timeless(`${line}\n${output}`));
      }
    }
    secrets.push(...readSecrets(machine.home));
  }

  async function ids(): Promise<string[]> {
    const list: { id: string }[] = JSON.parse(await machine.run("(cd ~/club && bd list --all --limit 0 --json)"));
    return list.map(({ id }) => id).toSorted();
  }

  test("refuses to start without a password for root", async () => {
    const { code, output } = await machine.type("docker compose up -d");

    expect(code).not.toBe(0);
    expect(output).toContain("put BD_ROOT_PASSWORD=... into the file .env");
    expect(machine.things("container")).toEqual([]);
  });

  test("ends with a server on which a project can be made and worked on", async () => {
    await follow("Start the server");
    await follow("Tell bd");
    await follow("Make a project");

    expect(await ids()).toEqual(["club-1"]);
    expect(statSync(join(machine.home, "beads-server/.env")).mode & 0o777).toBe(0o600);
    expect(await machine.run("umask")).toMatch(/^0*22$/);
    expect(machine.docker("port", machine.container("dolt"))).toBe(`3306/tcp -> 127.0.0.1:${machine.port}`);
  });

  test("changes nothing when its set-up is typed again, but puts a lost credentials file right", async () => {
    const folder = join(machine.home, "beads-server");
    const files = () => [".env", "bd-password", "bd-user.sql"].map((name) => readFileSync(join(folder, name), "utf8"));
    const credentials = join(machine.home, ".config/beads/credentials");
    const before = [...files(), readFileSync(credentials, "utf8")];
    writeFileSync(credentials, `[127.0.0.1:${machine.port}]\npassword=old\n`);

    await machine.run(`cd '${ROOT}'`);
    await follow("Start the server");
    await follow("Tell bd");

    expect([...files(), readFileSync(credentials, "utf8")]).toEqual(before);
    expect(await ids()).toEqual(["club-1"]);
  });

  test("gives the user bd no right beyond those of an agent", async () => {
    const password = readFileSync(join(machine.home, "beads-server/bd-password"), "utf8").trim();
    const connection = await createConnection({ host: "127.0.0.1", port: machine.port, user: "bd", password });
    try {
      for (const forbidden of [
        "DROP TABLE beads_club.issues",
        "CREATE DATABASE beads_other",
        "SELECT * FROM mysql.user",
        "SELECT * FROM beads_other.issues",
        "CREATE USER mallory",
        "SELECT 1 INTO OUTFILE '/tmp/one'",
      ])
        await expect(connection.query(forbidden), forbidden).rejects.toThrow(/denied|nonexistent/i);
      const [files] = await connection.query("SELECT LOAD_FILE('/var/lib/dolt/.doltcfg/privileges.db') AS file");
      expect(files).toEqual([{ file: null }]);
    } finally {
      await connection.end();
    }
  });

  test("keeps what was acknowledged through kill -9 of the server, which comes back by itself", async () => {
    const acknowledged: string[] = [];
    const create = async () => {
      const id = `club-k${String(acknowledged.length).padStart(3, "0")}`;
      const { code } = await machine.type(`(cd ~/club && bd create "Before" --id ${id})`);
      if (code === 0) acknowledged.push(id);
      return code;
    };
    const before = machine.serverPid("dolt");
    const killing = (async () => {
      while (acknowledged.length < 3) await create();
      process.kill(before, "SIGKILL");
      for (let deadline = Date.now() + 60_000; acknowledged.length < 6 && Date.now() < deadline; ) await create();
    })();
    await killing;

    expect(acknowledged).toHaveLength(6);
    expect(machine.serverPid("dolt")).not.toBe(before);
    expect(await ids()).toEqual(["club-1", ...acknowledged]);
    await machine.ready();
  });

  test("keeps everything through a restart", async () => {
    const before = await ids();

    await follow("What it survives");
    await machine.ready();

    expect(await ids()).toEqual(before);
  });

  test("changes passwords, and shows none in a command, a health check, a process list or a log", async () => {
    const stop = new AbortController();
    const watching = watchCommandLines(stop.signal);
    await follow("Passwords").finally(() => stop.abort());

    const shown = machine.things("container").map((name) => {
      const parts = "{{json .Path}} {{json .Args}} {{json .Config.Cmd}} {{json .Config.Healthcheck}} {{json .State}}";
      return machine.docker("inspect", "-f", parts, name) + machine.docker("logs", name);
    });
    const everything = [await watching, ...shown, await machine.run("docker compose logs")].join("\n");
    expect(await watching).toContain("--file=/run/secrets/bd-user.sql");
    expect(everything).toContain("SELECT 1");
    expect(new Set(secrets).size).toBe(4);
    const leaks = everything.split("\n").filter((line) => secrets.some((secret) => line.includes(secret)));
    expect(leaks).toEqual([]);
    expect(await machine.run("(cd ~/club && bd ready && as_root bd list -n 1)")).toContain("club-");
  });

  test("gives root the password of .env where that of the server is lost", async () => {
    const env = readFileSync(join(machine.home, "beads-server/.env"), "utf8");
    await machine.run(
      "cd ~/beads-server && sed 's/^BD_ROOT_PASSWORD=.*/BD_ROOT_PASSWORD=never-told/' .env | private .env.new && mv .env.new .env",
    );
    expect((await machine.type("(cd ~/club && as_root bd list)")).code).toBe(4);

    const blocks = SECTIONS.get("Passwords") ?? [];
    const last = blocks.at(-1);
    await machine.run(last?.kind === "sh" ? last.lines : "false");
    await machine.ready();

    expect(await machine.run("(cd ~/club && as_root bd list)")).toContain("club-1");
    expect(env).not.toContain("never-told");
  });

  test("brings everything back from a backup, and from the next one what is in that", async () => {
    const before = await ids();
    await follow("Backup");
    expect(await ids()).toEqual(before);
    expect(await machine.run("(cd ~/shop && bd ready)")).toContain("Order paint");

    await machine.run('(cd ~/club && bd create "Between two backups" --id club-b)');
    await follow("Backup");
    expect(await ids()).toEqual([...before, "club-b"].toSorted());
  });

  test("goes on with the data under another image", async () => {
    const before = await ids();
    machine.nameImage("dolthub/dolt-sql-server:1.84.0");

    await follow("A newer Dolt", /^docker compose pull$/m);

    expect(machine.docker("inspect", "-f", "{{.Config.Image}}", machine.container("dolt"))).toBe(
      "dolthub/dolt-sql-server:1.84.0",
    );
    expect(await ids()).toEqual(before);
  });

  test("pushes to a remote, from which another clone takes the project", async () => {
    await follow("Push and pull");

    expect(await ids()).toContain("club-2");
    const ports = machine.docker("port", machine.container("remote"));
    expect(ports).toMatch(/^8080\/tcp -> 127\.0\.0\.1:\d+$/);
  });

  test("is undone without a trace in the engine", async () => {
    await follow("Undo");

    expect(machine.things("container")).toEqual([]);
    expect(machine.things("network")).toEqual([]);
    expect(machine.things("volume")).toEqual([]);
  });

  test("has no section of lines that was left out", () => {
    const sections = [...SECTIONS].filter(([, blocks]) => blocks.length > 0).map(([section]) => section);
    expect([...followed].toSorted()).toEqual(sections.toSorted());
  });
});

/** All command lines that this machine shows until told to stop. */
async function watchCommandLines(signal: AbortSignal): Promise<string> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    for (const line of commandLines()) seen.add(line);
    await delay(5);
  }
  return [...seen].join("\n");
}

function readSecrets(home: string): string[] {
  const folder = join(home, "beads-server");
  try {
    const root = /^BD_ROOT_PASSWORD=(.+)$/m.exec(readFileSync(join(folder, ".env"), "utf8"))?.[1] ?? "";
    return [root, readFileSync(join(folder, "bd-password"), "utf8").trim()];
  } catch {
    return [];
  }
}

/** Commits' hashes are others each time, and so is how many commits there are to push. */
function timeless(text: string): string {
  return text
    .replaceAll(/(local|remote|→) [0-9a-v]{8}\b/g, "$1 HASH")
    .replaceAll(/\b\d+ commits?, \d+ issues? changed/g, "COUNTS");
}
