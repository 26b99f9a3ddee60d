// Measures a page of 50 tasks among many, beside the two commands of which it is made, in turns, on a Redis of its own.
//   node bench/task-pages.ts [--tasks 10000] [--runs 200]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { redisConnection } from "../src/tracker/redis/index.ts";
import { Tracker } from "../src/tracker/tracker.ts";
import { median } from "./measure.ts";

const { values } = parseArgs({
  options: { tasks: { type: "string", default: "10000" }, runs: { type: "string", default: "200" } },
});
const dir = mkdtempSync(join(tmpdir(), "bd-bench-"));
const socket = join(dir, "r.sock");
const server = spawn("redis-server", ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", dir], {
  stdio: "ignore",
});
await delay(500);
const connection = redisConnection(`unix://${socket}`);
let asked = 0;
const tracker = new Tracker({
  connection: {
    ...connection,
    send(command) {
      asked += 1;
      return connection.send(command);
    },
  },
});
const writing = performance.now();
for (let n = 0; n < Number(values.tasks); n += 1) {
  await tracker.create({
    title: `Task ${n}`,
    description: "what is to be done ".repeat(20),
    project: n % 2 === 0 ? "web" : "app",
  });
}
const written = performance.now() - writing;
const page = await tracker.list({ limit: 50 });
const keys = page.tasks.map(({ id }) => tracker.keys.task(id));
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};
const [pages, bare]: [number[], number[]] = [[], []];
asked = 0;
for (let run = 0; run < Number(values.runs); run += 1) {
  pages.push(await timed(() => tracker.list({ limit: 50, project: "web" })));
  bare.push(
    await timed(async () => {
      await connection.send(["ZRANGE", tracker.keys.index("web"), "0", "49"]);
      await connection.send(["MGET", ...keys]);
    }),
  );
}
console.log(`${values.tasks} tasks: ${((1000 * written) / Number(values.tasks)).toFixed(0)} µs a change`);
console.log(`commands a page: ${asked / Number(values.runs)}`);
console.log(
  `page of 50: ${median(pages).toFixed(2)} ms, its two commands alone ${median(bare).toFixed(2)} ms, ratio ${(median(pages) / median(bare)).toFixed(2)}`,
);
await connection.close();
server.kill();
rmSync(dir, { recursive: true, force: true });
