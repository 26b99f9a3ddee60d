// Measures a request that changes a task while a daemon mirrors the store, while none runs, and where nobody is told, in turns.
//   npm run build && node bench/mirror.ts [--changes 100] [--rounds 5]
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createTaskRoutes, createTracker, type MirrorTold, type StoreConnection } from "../src/tracker/index.ts";
import { redisConnection } from "../src/tracker/redis/index.ts";
import { doltBinary } from "../test/support/dolt-binary.ts";
import { openLaboratory } from "./laboratory.ts";
import { median, timeOnce } from "./measure.ts";

const { values } = parseArgs({
  options: { changes: { type: "string", default: "100" }, rounds: { type: "string", default: "5" } },
});
process.env.BEADS_DOLT_BIN = doltBinary();
const laboratory = await openLaboratory();
const dir = mkdtempSync(join(tmpdir(), "bd-bench-"));
const socket = join(dir, "r.sock");
const server = spawn("redis-server", ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", dir], {
  stdio: "ignore",
});
try {
  while (!existsSync(socket)) await delay(10);
  const workspace = await laboratory.init("mirror");
  const env = { REDIS_URL: `unix://${socket}`, BD_TRACKER_MIRROR: "true" };
  const bd = async (...args: string[]) => {
    const program = laboratory.bd(workspace, args);
    await timeOnce({ ...program, env: { ...program.env, ...env } });
  };
  await bd("tracker", "setup", "--statuses");

  let asked = 0;
  const connection = redisConnection(env.REDIS_URL);
  const counting: StoreConnection = {
    ...connection,
    send(command) {
      asked += 1;
      return connection.send(command);
    },
  };
  const routesFor = (mirror: MirrorTold) => {
    const tracker = createTracker({ connection: counting, env: { BEADS_DIR: join(workspace, ".beads") }, mirror });
    return { tracker, routes: createTaskRoutes({ tracker, public: true }) };
  };
  const [told, untold] = [routesFor("daemon"), routesFor("off")];
  const { task } = await untold.tracker.create({ title: "One" });
  const times = { up: [] as number[], down: [] as number[], absent: [] as number[] };
  const commands = { up: 0, down: 0, absent: 0 };
  const measure = async (way: keyof typeof times) => {
    const { routes } = way === "absent" ? untold : told;
    for (let n = 0; n < Number(values.changes); n += 1) {
      const before = asked;
      const began = performance.now();
      const request = new Request("http://app.example.test/api/tracker/tasks/x", {
        method: "PATCH",
        body: JSON.stringify({ title: `${way} ${n}` }),
      });
      const { status } = await routes.task.PATCH(request, { params: { id: task.id } });
      times[way].push(performance.now() - began);
      if (status !== 200) throw new Error(`the answer was ${status}`);
      commands[way] += asked - before;
      // As from people: the mirror has time to bring some of it over.
      await delay(10);
    }
  };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    await bd("daemon", "start");
    await measure("up");
    await bd("daemon", "stop");
    await measure("down");
    await measure("absent");
  }
  await connection.close();
  const [up, down, absent] = [median(times.up), median(times.down), median(times.absent)];
  console.log(
    `commands a request: ${Object.entries(commands)
      .map(([way, n]) => `${way} ${n / times.up.length}`)
      .join(", ")}`,
  );
  console.log(
    `a request: ${up.toFixed(2)} ms with a mirror, ${down.toFixed(2)} ms without one, ${absent.toFixed(2)} ms where nobody is told`,
  );
  console.log(`ratios: with a mirror ${(up / absent).toFixed(2)}, without one ${(down / absent).toFixed(2)}`);
} finally {
  server.kill();
  rmSync(dir, { recursive: true, force: true });
  await laboratory.close();
}
