import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { onTestFinished } from "vitest";
import { recordsIn } from "./payload.ts";
import { makeWorkspace, type TestWorkspace } from "./workspace.ts";

/** Two workspaces of one project with databases of their own, as on two machines, and the folder between them. */
export interface TwoMachines {
  readonly ann: TestWorkspace;
  readonly bob: TestWorkspace;
  /** Brings one machine's commits to the remote `origin`, which both have. */
  readonly push: (from: TestWorkspace) => Promise<void>;
  remove(): Promise<void>;
}

interface TwoMachinesOptions {
  readonly prefix: string;
  /** Of the server that both use; default: the run's. */
  readonly port?: number;
  /** As of a workspace: nothing in common with other trackers. */
  readonly ownHistory?: boolean;
  /** What Ann does before Bob's machine gets its copy. */
  readonly prepare?: (ann: TestWorkspace) => Promise<unknown>;
}

/** Ann's machine makes the tracker and pushes it; Bob's gets a copy from the remote. The caller removes them. */
export async function makeTwoMachines({ prepare, ...options }: TwoMachinesOptions): Promise<TwoMachines> {
  const ann = await makeWorkspace({ ...options, actor: "ann" });
  await prepare?.(ann);
  const remoteUrl = `file://${join(ann.home, "remote")}`;
  await ann.sql("CALL DOLT_REMOTE('add', 'origin', ?)", [remoteUrl]);
  const push = async (from: TestWorkspace) => void (await from.sql("CALL DOLT_PUSH('origin', 'main')"));
  await push(ann);
  const bob = await makeCopy(ann, remoteUrl, "bob");
  return {
    ann,
    bob,
    push,
    async remove() {
      await bob.remove();
      await ann.remove();
    },
  };
}

/** A further machine, on the same server, that got its copy from the remote; the caller removes it. */
export async function makeCopy(first: TestWorkspace, remoteUrl: string, actor: string): Promise<TestWorkspace> {
  const prefix = `${first.database.replace("beads_", "")}${actor}`;
  const copy = await makeWorkspace({ port: first.port, prefix, actor, initialised: false });
  const server = await createConnection({ host: "127.0.0.1", port: first.port, user: "root" });
  await server.query("CALL DOLT_CLONE(?, ?)", [remoteUrl, copy.database]);
  await server.end();
  cpSync(join(first.dir, ".beads"), join(copy.dir, ".beads"), { recursive: true });
  const metadata = join(copy.dir, ".beads", "metadata.json");
  writeFileSync(metadata, readFileSync(metadata, "utf8").replace(first.database, copy.database));
  // The tables that Dolt ignores don't travel.
  await run(copy, ["migrate"]);
  return copy;
}

/** Two machines that go with the test. */
export async function twoMachines(options: TwoMachinesOptions): Promise<TwoMachines> {
  const machines = await makeTwoMachines(options);
  onTestFinished(() => machines.remove());
  return machines;
}

/** Runs `bd`, expects exit 0, and gives what it printed. */
export async function run(workspace: TestWorkspace, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await workspace.bd(args);
  if (code !== 0) throw new Error(`bd ${args.join(" ")} exited ${code}: ${stdout}${stderr}`);
  return stdout;
}

/** The rows of one statement, over a connection of its own: for servers that come and go. */
export async function askOnce(
  { port, database }: TestWorkspace,
  statement: string,
): Promise<Record<string, unknown>[]> {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", database, dateStrings: true });
  try {
    const [rows] = await connection.query(statement);
    return Array.isArray(rows) ? recordsIn(rows) : [];
  } finally {
    connection.destroy();
  }
}

/** One Dolt commit of changes made past bd, at the given time. */
export async function commitBySql(
  { port, database }: TestWorkspace,
  statements: readonly string[],
  { date = "2026-01-01T00:00:00", message = "by sql" } = {},
): Promise<void> {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", database });
  try {
    for (const statement of ["BEGIN", ...statements]) await connection.query(statement);
    await connection.query(
      "CALL DOLT_COMMIT('-Am', ?, '--author', 'sql <sql@example.test>', '--skip-empty', '--date', ?)",
      [message, date],
    );
    await connection.query("COMMIT");
  } finally {
    connection.destroy();
  }
}

/** All versioned tables, each with the hash of its rows: equal hashes mean equal tables. */
export async function tableHashes(workspace: TestWorkspace): Promise<Record<string, unknown>> {
  const tables = await workspace.sql("SHOW FULL TABLES AS OF 'HEAD' WHERE table_type = 'BASE TABLE'");
  const names = tables.map((row) => String(Object.values(row)[0])).filter((name) => !name.startsWith("dolt_"));
  const hashes = names.map((name) => `dolt_hashof_table('${name}') AS \`${name}\``);
  const [row] = await workspace.sql(`SELECT ${hashes.join(", ")}`);
  return row ?? {};
}
