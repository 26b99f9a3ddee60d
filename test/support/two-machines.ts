import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { makeWorkspace, type TestWorkspace } from "./workspace.ts";

/** Two workspaces of one project with databases of their own, as on two machines, and the folder between them. */
export interface TwoMachines {
  readonly ann: TestWorkspace;
  readonly bob: TestWorkspace;
  readonly remoteUrl: string;
  /** Brings one machine's commits to the remote. */
  push(from: TestWorkspace): Promise<void>;
  remove(): Promise<void>;
}

interface TwoMachinesOptions {
  readonly prefix: string;
  /** The servers; default: both the run's own. */
  readonly ports?: { readonly ann?: number; readonly bob?: number };
  /** What Ann does before Bob's machine gets its copy. */
  readonly prepare?: (ann: TestWorkspace) => Promise<unknown>;
}

/** Ann's machine makes the tracker and pushes it; Bob's starts from the remote. The caller removes them. */
export async function makeTwoMachines({ prefix, ports = {}, prepare }: TwoMachinesOptions): Promise<TwoMachines> {
  const ann = await makeWorkspace({ prefix, env: { BEADS_ACTOR: "ann" }, ...at(ports.ann) });
  const bob = await makeWorkspace({
    prefix: `${prefix}bob`,
    initialised: false,
    env: { BEADS_ACTOR: "bob" },
    ...at(ports.bob),
  });
  const remoteUrl = `file://${join(ann.home, "remote")}`;
  await prepare?.(ann);
  await ann.sql("CALL DOLT_REMOTE('add', 'origin', ?)", [remoteUrl]);
  const push = async (from: TestWorkspace) => void (await from.sql("CALL DOLT_PUSH('origin', 'main')"));
  await push(ann);
  await bob.sqlServer("CALL DOLT_CLONE(?, ?)", [remoteUrl, bob.database]);
  cpSync(join(ann.dir, ".beads"), join(bob.dir, ".beads"), { recursive: true });
  const metadata = join(bob.dir, ".beads", "metadata.json");
  writeFileSync(metadata, readFileSync(metadata, "utf8").replace(ann.database, bob.database));
  const { code, stderr } = await bob.bd(["migrate"]);
  if (code !== 0) throw new Error(`bd migrate exited ${code}: ${stderr}`);
  return {
    ann,
    bob,
    remoteUrl,
    push,
    async remove() {
      rmSync(join(ann.home, "remote"), { recursive: true, force: true });
      await bob.remove();
      await ann.remove();
    },
  };
}

/** Two machines that go with the test. */
export async function twoMachines(options: TwoMachinesOptions): Promise<TwoMachines> {
  const machines = await makeTwoMachines(options);
  onTestFinished(() => machines.remove());
  return machines;
}

function at(port: number | undefined): { readonly port?: number } {
  return port === undefined ? {} : { port };
}
