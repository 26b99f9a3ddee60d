// Where the server's time goes: records the packets that commands send, and sends them again many times in one session, as a
// warm daemon does; beside it those of another build, in turns. With --texts each statement is timed apart. Linux only.
//   npm run build && node bench/statements.ts [--other ../other/dist/bd.cjs] [--issues 1000] [--runs 60] [--only show,list] [--texts]
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { doltBinary } from "../test/support/dolt-binary.ts";
import { listenOnLoopback } from "../test/support/listen-on-loopback.ts";
import { type BenchCommand, COMMANDS } from "./commands.ts";
import { type Laboratory, openLaboratory } from "./laboratory.ts";
import { cpuMs, median, timeOnce } from "./measure.ts";
import { runStatements, seededWorkspace } from "./seeded-workspace.ts";

const { values } = parseArgs({
  options: {
    other: { type: "string" },
    issues: { type: "string", default: "1000" },
    runs: { type: "string", default: "60" },
    only: { type: "string", default: "show,list,ready,stats,create,update,close,dep add" },
    texts: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
const ROUNDS = 5;
const OWN = join(import.meta.dirname, "../dist/bd.cjs");

type Packet = readonly string[];

/** The statements of each COM_QUERY that clients send on their way to the server. */
async function recordPackets(targetPort: number) {
  const packets: string[][] = [];
  const listener = createServer((client) => {
    const server = connect(targetPort, "127.0.0.1");
    let pending = Buffer.alloc(0);
    client.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUIntLE(0, 3)) {
        const end = 4 + pending.readUIntLE(0, 3);
        if (pending[3] === 0 && pending[4] === 3) packets.push(pending.toString("utf8", 5, end).split(";\n"));
        pending = pending.subarray(end);
      }
      server.write(chunk);
    });
    server.on("data", (chunk) => client.write(chunk));
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
    for (const socket of [client, server]) socket.on("error", () => socket.destroy());
  });
  return { packets, port: await listenOnLoopback(listener), close: () => listener.close() };
}

const COMMITS = /^(?:CALL DOLT_COMMIT|COMMIT)/;

interface Place {
  readonly laboratory: Laboratory;
  readonly workspace: string;
  readonly connection: Connection;
  readonly recorder: Awaited<ReturnType<typeof recordPackets>>;
}

/** What a command sends, without what commits; what it changed is undone. */
async function packetsOf(place: Place, command: BenchCommand, program: string): Promise<Packet[]> {
  const { laboratory, workspace, connection, recorder } = place;
  const subject = { spare: "warm-spare", other: "warm-other", run: 1 };
  await runStatements(connection, command, subject);
  const [[before]] = await connection.query<RowDataPacket[]>("SELECT DOLT_HASHOF('HEAD') AS head");
  await connection.query("ROLLBACK");
  recorder.packets.length = 0;
  const { args, ...rest } = laboratory.bd(workspace, command.args(subject), recorder.port);
  await timeOnce({ ...rest, args: [program, ...args.slice(1)] });
  const sent = recorder.packets.map((packet) => packet.filter((statement) => !COMMITS.test(statement)));
  await connection.query("CALL DOLT_RESET('--hard', ?)", [before?.["head"]]);
  await connection.query("COMMIT");
  return sent.filter(({ length }) => length > 0);
}

/** The server's CPU for one sending of each build's packets, in ms. */
async function measure(session: Connection, builds: readonly Packet[][], pid: number): Promise<number[]> {
  const used = builds.map(() => 0);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, packets] of builds.entries()) {
      const before = await cpuMs(pid);
      for (let run = 0; run < runs / ROUNDS; run++) {
        for (const packet of packets) await session.query(packet.join(";\n"));
        await session.query("ROLLBACK");
      }
      used[index] = (used[index] ?? 0) + (await cpuMs(pid)) - before;
    }
  }
  return used.map((ms) => ms / runs);
}

async function printStatements(session: Connection, statements: Packet): Promise<void> {
  const times: number[][] = statements.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [index, statement] of statements.entries()) {
      const start = performance.now();
      await session.query(statement);
      times[index]?.push(performance.now() - start);
    }
    await session.query("ROLLBACK");
  }
  for (const [index, statement] of statements.entries()) {
    console.log(
      `${median(times[index] ?? [])
        .toFixed(2)
        .padStart(8)} ms  ${statement.replaceAll(/\s+/g, " ")}`,
    );
  }
}

process.env.BEADS_DOLT_BIN = doltBinary();
const laboratory = await openLaboratory();
try {
  const seeded = await seededWorkspace(laboratory, {
    issues: Number(values.issues),
    prefix: "warm",
    closedShare: 0.25,
  });
  const place = { laboratory, ...seeded, recorder: await recordPackets(laboratory.port) };
  const session = await laboratory.connect("beads_warm", { multipleStatements: true });
  const programs = [OWN, ...(values.other === undefined ? [] : [values.other])];
  console.log(`| command | statements | CPU, ms | of the other | ratio |\n|---|---:|---:|---:|---:|`);
  for (const command of COMMANDS.filter(({ name }) => values.only.split(",").includes(name))) {
    const builds: Packet[][] = [];
    for (const program of programs) builds.push(await packetsOf(place, command, program));
    const statements = builds[0]?.flat() ?? [];
    const [own = 0, other] = await measure(session, builds, laboratory.serverPid);
    const beside = other === undefined ? ["", ""] : [other.toFixed(1), (own / other).toFixed(2)];
    console.log(`| ${[`\`${command.name}\``, statements.length, own.toFixed(1), ...beside].join(" | ")} |`);
    if (values.texts) await printStatements(session, statements);
  }
  await session.end();
  await seeded.connection.end();
  place.recorder.close();
} finally {
  await laboratory.close();
}
