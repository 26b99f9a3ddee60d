// Measures commands that go through a daemon beside the same commands by themselves and an empty program, in turns, on one
// database; what an idle daemon costs; and how soon a watch prints a change.
//   npm run build && node bench/daemon.ts [--issues 1000] [--runs 15] [--latency 0,80] [--clients 1] [--idle 90]
//     [--mode events|poll] [--only show,create]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { doltBinary } from "../test/support/dolt-binary.ts";
import { COMMANDS } from "./commands.ts";
import { type Laboratory, openLaboratory } from "./laboratory.ts";
import { cpuMs, median, type Program, timeOnce } from "./measure.ts";
import { runStatements, seededWorkspace } from "./seeded-workspace.ts";

const { values } = parseArgs({
  options: {
    issues: { type: "string", default: "1000" },
    runs: { type: "string", default: "15" },
    latency: { type: "string", default: "0" },
    clients: { type: "string", default: "1" },
    mode: { type: "string", default: "events" },
    idle: { type: "string", default: "90" },
    only: { type: "string", default: "version,show,list,list --json --limit 0,ready,stats,search,create,update,close" },
  },
});
const only = values.only.split(",");
const runs = Number(values.runs);
const clients = Number(values.clients);
const PREFIX = "warm";

type Connection = Awaited<ReturnType<typeof seededWorkspace>>["connection"];
interface Place {
  readonly laboratory: Laboratory;
  readonly workspace: string;
  readonly connection: Connection;
}

const byItself = (program: Program): Program => ({ ...program, env: { ...program.env, BEADS_NO_DAEMON: "1" } });

async function measureCommands({ laboratory, workspace, connection }: Place, latency: number): Promise<void> {
  const { proxy } = laboratory;
  proxy.setLatency(latency);
  const port = latency === 0 ? laboratory.port : proxy.port;
  console.log(
    `\nAt ${latency} ms, ${clients} at once:\n\n| command | daemon, ms | by itself, ms | ratio | × node |\n|---|---:|---:|---:|---:|`,
  );
  let turn = latency * 1000;
  for (const command of COMMANDS.filter(({ name }) => only.includes(name))) {
    const times = { daemon: [] as number[], itself: [] as number[], node: [] as number[] };
    for (let run = 0; run <= runs; run++) {
      for (const way of ["daemon", "itself", "node"] as const) {
        const programs: Program[] = [];
        for (let client = 0; client < clients; client++) {
          turn += 1;
          const subject = { spare: `${PREFIX}-spare`, other: `${PREFIX}-other`, run: turn };
          if (way !== "node" && client === 0) await runStatements(connection, command, subject);
          const bd = laboratory.bd(workspace, command.args(subject), port);
          programs.push({ daemon: bd, itself: byItself(bd), node: laboratory.empty() }[way]);
        }
        const began = performance.now();
        await Promise.all(programs.map(timeOnce));
        const ms = performance.now() - began;
        if (run > 0) times[way].push(ms); // the first turn warms caches
      }
    }
    const [daemon, itself, node] = [median(times.daemon), median(times.itself), median(times.node)];
    const cells = [daemon.toFixed(0), itself.toFixed(0), (daemon / itself).toFixed(2), (daemon / node).toFixed(2)];
    console.log(`| \`${command.name}\` | ${cells.join(" | ")} |`);
  }
}

async function statusOf({ laboratory, workspace }: Place): Promise<{ pid: number; memory_bytes: number }> {
  const { args, ...options } = laboratory.bd(workspace, ["daemon", "status", "--json"]);
  const child = spawn(process.execPath, [...args], { ...options, stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  return JSON.parse(lines.join("\n"));
}

async function measureIdle(place: Place, seconds: number): Promise<void> {
  const { pid } = await statusOf(place);
  const both = [pid, place.laboratory.serverPid];
  const before = await Promise.all(both.map(cpuMs));
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = await Promise.all(both.map(cpuMs));
  const [own, server] = both.map((_, n) => (((after[n] ?? 0) - (before[n] ?? 0)) / (seconds * 10)).toFixed(2));
  const { memory_bytes } = await statusOf(place);
  const memory = (memory_bytes / 1024 ** 2).toFixed(0);
  console.log(`\nIdle for ${seconds} s (${values.mode}): ${own} % of a core, the server ${server} %; ${memory} MB.`);
}

/** From the end of a command to the line of a watch that tells of it. */
async function measureWatch(place: Place, by: (program: Program) => Program): Promise<number> {
  const { laboratory, workspace } = place;
  const { args, ...options } = laboratory.bd(workspace, ["watch", "--type", "created", "--json"]);
  const watch = spawn(process.execPath, [...args], { ...options, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: watch.stdout })[Symbol.asyncIterator]();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    await timeOnce(by(laboratory.bd(workspace, ["create", `Watched ${run}`])));
    const done = performance.now();
    await lines.next();
    times.push(performance.now() - done);
  }
  watch.kill("SIGINT");
  await once(watch, "exit");
  return median(times);
}

process.env.BEADS_DOLT_BIN = doltBinary();
const laboratory = await openLaboratory();
try {
  const plan = { issues: Number(values.issues), prefix: PREFIX, closedShare: 0.25 };
  const place = { laboratory, ...(await seededWorkspace(laboratory, plan)) };
  await timeOnce(laboratory.bd(place.workspace, ["daemon", "start", "--mode", values.mode]));
  for (const latency of values.latency.split(",")) await measureCommands(place, Number(latency));
  await measureIdle(place, Number(values.idle));
  const [own, foreign] = [await measureWatch(place, (bd) => bd), await measureWatch(place, byItself)];
  console.log(
    `A watch prints a change ${own.toFixed(0)} ms after the command, ${foreign.toFixed(0)} ms where that went by itself.`,
  );
  await timeOnce(laboratory.bd(place.workspace, ["daemon", "stop"]));
  await place.connection.end();
} finally {
  await laboratory.close();
}
