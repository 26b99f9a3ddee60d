import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { App } from "../../src/app/app.ts";
import { commitChanges } from "../support/commit-changes.ts";
import { recordIn, recordsIn } from "../support/payload.ts";
import { type BdResult, type RunOptions, runInProcess } from "../support/run-bd.ts";
import { testApp } from "../support/test-app.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/** All calls on one running bd, which keeps sessions, or each on a bd of its own. */
const APPS = [
  { name: "each with its own bd", app: undefined },
  { name: "all with one", app: testApp({ idleSessions: 3 }) },
] as const;

/** Someone with a project, a name, a session, a clock and a taste of their own. */
interface Caller {
  readonly name: string;
  readonly workspace: TestWorkspace;
  readonly zone: string;
  /** When 2027-01-01 begins there. */
  readonly newYear: string;
  readonly json: boolean;
}

const PEOPLE = [
  { zone: "UTC", newYear: "2027-01-01T00:00:00Z", json: false },
  { zone: "Asia/Kolkata", newYear: "2026-12-31T18:30:00Z", json: true },
  { zone: "America/New_York", newYear: "2027-01-01T05:00:00Z", json: false },
  { zone: "Pacific/Auckland", newYear: "2026-12-31T11:00:00Z", json: true },
] as const;

let callers: Caller[];

beforeAll(async () => {
  callers = [];
  for (const [index, person] of PEOPLE.entries()) {
    const workspace = await makeWorkspace({ prefix: `sbs${index}` });
    const name = `caller${index}`;
    await workspace.json(["create", `First of ${name}`, "--id", `sbs${index}-first`]);
    mkdirSync(join(workspace.home, ".config/bd"), { recursive: true });
    writeFileSync(join(workspace.home, ".config/bd/config.yaml"), `json: ${person.json}\n`);
    callers.push({ name, workspace, ...person });
  }
});
afterAll(async () => {
  for (const { workspace } of callers) await workspace.remove();
});

interface Run extends RunOptions {
  readonly app?: App | undefined;
}

/** As that caller, in the given round. */
function call({ workspace, zone }: Caller, args: readonly string[], round: number, run: Run = {}) {
  const session = `${workspace.database}-s${round}`;
  const env = { ...workspace.env, TZ: zone, BD_SESSION: session, ...run.env };
  return runInProcess(args, { cwd: workspace.dir, ...run, env });
}

/** What a caller's eight calls are, by name; all at once. */
function callsOf(caller: Caller, round: number, app: App | undefined): Record<string, Promise<BdResult>> {
  const { workspace, name } = caller;
  const prefix = workspace.database.replace("beads_", "");
  const actor = ["--actor", `${name}r${round}`];
  const id = `${prefix}-r${round}`;
  return {
    create: call(caller, ["create", `Of ${name}`, "--id", id, "--due", "2027-01-01", ...actor], round, { app }),
    update: call(caller, ["update", `${prefix}-first`, "--add-label", `${name}r${round}`, ...actor], round, { app }),
    comment: call(caller, ["comment", `${prefix}-first`, "-", ...actor], round, {
      app,
      stdin: `said by ${name}r${round}`,
    }),
    list: call(caller, ["list", "--all"], round, { app }),
    where: call(caller, ["where", "-C", workspace.dir], round, { app, cwd: "/" }),
    refused: call(caller, ["close", `${prefix}-first`, "--readonly"], round, { app }),
    missing: call(caller, ["show", `${prefix}-none${round}`, "-v"], round, { app }),
    unknown: call(caller, ["list", `--${name}`], round, { app }),
  };
}

test.each(APPS.map((one, index) => ({ ...one, rounds: [2 * index, 2 * index + 1] })))(
  "64 calls at once, $name: nobody sees another's project, name, form, clock, input or errors",
  async ({ app, rounds }) => {
    const all = callers.flatMap((caller) =>
      rounds.map((round) => ({ caller, round, calls: callsOf(caller, round, app) })),
    );
    expect(all.flatMap(({ calls }) => Object.keys(calls))).toHaveLength(64);

    for (const { caller, round, calls } of all) {
      const { name, workspace, json } = caller;
      const prefix = workspace.database.replace("beads_", "");
      const done = Object.fromEntries(
        await Promise.all(Object.entries(calls).map(async ([what, result]) => [what, await result] as const)),
      );
      const codes = Object.fromEntries(Object.entries(done).map(([what, { code }]) => [what, code]));
      expect(codes).toEqual({
        create: 0,
        update: 0,
        comment: 0,
        list: 0,
        where: 0,
        refused: 1,
        missing: 3,
        unknown: 2,
      });
      for (const { stdout, stderr } of Object.values(done)) {
        for (const other of callers.filter((one) => one !== caller))
          expect(stdout + stderr).not.toMatch(new RegExp(`${other.name}|${other.workspace.database}`));
        expect({ stdout, isJson: isJson(stdout) }).toEqual({ stdout, isJson: json });
      }
      const text = (what: string) => `${done[what]?.stdout}${done[what]?.stderr}`;
      expect(text("create")).toContain(`${prefix}-r${round}`);
      expect(text("where")).toContain(workspace.dir);
      expect(text("missing")).toContain(`${prefix}-none${round}`);
      expect(text("unknown")).toContain(`--${name}`);
    }
    for (const caller of callers) await expectOwn(caller, [...Array(rounds.at(-1)).keys(), ...rounds.slice(-1)]);
  },
);

/** What came into a caller's database is its own, under its names, on its clock. */
async function expectOwn({ workspace, name, newYear }: Caller, rounds: readonly number[]): Promise<void> {
  const prefix = workspace.database.replace("beads_", "");
  for (const round of rounds) {
    const [made] = recordsIn(await workspace.json(["show", `${prefix}-r${round}`]));
    expect(made).toMatchObject({ title: `Of ${name}`, created_by: `${name}r${round}`, due_at: newYear });
  }
  const [first] = recordsIn(await workspace.json(["show", `${prefix}-first`]));
  expect(first).toMatchObject({ status: "open", labels: rounds.map((round) => `${name}r${round}`) });
  const said = await workspace.sql("SELECT author, text FROM comments ORDER BY author");
  expect(said).toEqual(rounds.map((round) => ({ author: `${name}r${round}`, text: `said by ${name}r${round}` })));
  const committers = (await commitChanges(workspace)).map(({ committer }) => committer);
  expect(new Set(committers)).toEqual(
    new Set(["Dolt System Account", "tester", ...rounds.map((round) => `${name}r${round}`)]),
  );
}

test("the issue that one touched last is not what another closes", async () => {
  const touched = await Promise.all(
    callers.map(async (caller) => {
      const created = await call(caller, ["create", `Last of ${caller.name}`, "--json"], 0);
      return String(recordIn(JSON.parse(created.stdout))["id"]);
    }),
  );
  const closed = await Promise.all(callers.map((caller) => call(caller, ["close", "--json"], 0)));
  expect(closed.map(({ stdout }) => recordsIn(JSON.parse(stdout)).map(({ id }) => id))).toEqual(
    touched.map((id) => [id]),
  );
});

test("Ctrl-C ends the command that it is for, and no other", async () => {
  const [one, other] = callers;
  if (one === undefined || other === undefined) throw new Error("there are four");
  const waiting = { BEADS_DOLT_SERVER_PORT: "1", BEADS_DOLT_RETRY_MAX: "60s" };
  const stopped = call(one, ["list"], 0, { env: waiting, timeoutMs: 300 });
  const going = await call(other, ["create", "Goes on", "--json"], 0);
  expect(going.code).toBe(0);
  expect((await stopped).code).toBe(130);
  expect((await call(one, ["list"], 0)).code).toBe(0);
});

test("the process is afterwards as it was: environment, folder, listeners", async () => {
  const stateOfProcess = () => ({
    env: { ...process.env },
    cwd: process.cwd(),
    listeners: process.eventNames().map((name) => [name, process.listenerCount(name)]),
  });
  const before = stateOfProcess();
  const secret = { DOLT_REMOTE_PASSWORD: "secret" };
  await Promise.all(callers.map((caller) => call(caller, ["create", "One more", "-C", "."], 0, { env: secret })));
  expect(stateOfProcess()).toEqual(before);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
