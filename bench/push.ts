// `node bench/push.ts`: how long pushes and pulls take, as whole processes, for docs/performance.md. Run `npm run build`
// before. Options: --issues 10000 · --runs 5
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { startRemoteServer } from "../test/support/remote-server.ts";
import { type Laboratory, openLaboratory } from "./laboratory.ts";
import { median, type Program, timeOnce } from "./measure.ts";
import { planSeed, seedToJsonLines } from "./seed.ts";

interface Timed {
  readonly what: string;
  readonly seconds: number;
}

/** A workspace with that many issues, and a remote for it. */
interface Subject {
  readonly name: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
}

async function subject(laboratory: Laboratory, name: string, lines: string): Promise<Subject> {
  const workspace = await laboratory.init(name);
  const file = join(workspace, "issues.jsonl");
  await writeFile(file, lines);
  await timeOnce(laboratory.bd(workspace, ["import", file, "--quiet"]));
  await rm(file);
  return { name, workspace, env: {} };
}

function programOf(laboratory: Laboratory, { workspace, env }: Subject, args: readonly string[]): Program {
  const program = laboratory.bd(workspace, args);
  return { ...program, env: { ...program.env, ...env } };
}

/** The first push takes everything along; the others one change each. */
async function measure(laboratory: Laboratory, place: Subject, runs: number): Promise<Timed[]> {
  const run = (...args: string[]) => timeOnce(programOf(laboratory, place, args));
  const whole = await run("dolt", "push");
  const single: number[] = [];
  for (let index = 0; index < runs; index += 1) {
    await run("create", `Change ${index}`, "--silent");
    single.push(await run("dolt", "push"));
  }
  const nothing: number[] = [];
  for (let index = 0; index < runs; index += 1) nothing.push(await run("dolt", "pull"));
  return [
    { what: `push of everything, ${place.name}`, seconds: whole / 1000 },
    { what: `push of one change, ${place.name}`, seconds: median(single) / 1000 },
    { what: `pull of nothing new, ${place.name}`, seconds: median(nothing) / 1000 },
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { issues: { type: "string", default: "10000" }, runs: { type: "string", default: "5" } },
  });
  const [issues, runs] = [Number(values.issues), Number(values.runs)];
  const lines = seedToJsonLines(planSeed({ prefix: "push", issues, closedShare: 0.25 }));
  const laboratory = await openLaboratory();
  const remote = await startRemoteServer();
  try {
    const file = await subject(laboratory, "file", lines);
    const folder = join(dirname(file.workspace), "remote");
    await mkdir(folder);
    await timeOnce(programOf(laboratory, file, ["dolt", "remote", "add", "origin", `file://${folder}`]));
    const http = { ...(await subject(laboratory, "relay", lines)), env: remote.credentials };
    const url = await remote.create("relay");
    await timeOnce(programOf(laboratory, http, ["dolt", "remote", "add", "origin", url]));

    const rows = [...(await measure(laboratory, file, runs)), ...(await measure(laboratory, http, runs))];
    console.log(`| ${issues} issues | s |\n|---|---:|`);
    for (const { what, seconds } of rows) console.log(`| ${what} | ${seconds.toFixed(2)} |`);
  } finally {
    await remote.stop();
    await laboratory.close();
  }
}

await main();
