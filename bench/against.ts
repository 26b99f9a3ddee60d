// Measures this build beside another program, command by command in turns, on one database.
//   npm run build && node bench/against.ts --other PATH [--issues 1000] [--runs 21] [--only show,create]
// PATH is the bd.cjs of another build, or an executable that takes the same command lines, such as the Go program.
import { parseArgs } from "node:util";
import { doltBinary } from "../test/support/dolt-binary.ts";
import { COMMANDS } from "./commands.ts";
import { openLaboratory } from "./laboratory.ts";
import { median, type Program, timeOnce } from "./measure.ts";
import { runStatements, seededWorkspace } from "./seeded-workspace.ts";

const { values } = parseArgs({
  options: {
    other: { type: "string" },
    issues: { type: "string", default: "1000" },
    runs: { type: "string", default: "21" },
    only: { type: "string" },
  },
});
const { other } = values;
if (other === undefined) throw new Error("--other names the program to measure beside this build");
const only = values.only?.split(",");
const runs = Number(values.runs);

/** The same command line, by the other program. */
function byOther(path: string, { args: [, ...args], ...program }: Program): Program {
  return path.endsWith(".cjs") ? { ...program, args: [path, ...args] } : { ...program, executable: path, args };
}

process.env.BEADS_DOLT_BIN = doltBinary();
const laboratory = await openLaboratory();
try {
  const prefix = "against";
  const plan = { issues: Number(values.issues), prefix, closedShare: 0.25 };
  const { workspace, connection } = await seededWorkspace(laboratory, plan);
  console.log("| command | this build, ms | the other, ms | ratio |\n|---|---:|---:|---:|");
  let turn = 0;
  for (const command of COMMANDS.filter(({ name }) => only === undefined || only.includes(name))) {
    const times: { readonly ours: number[]; readonly theirs: number[] } = { ours: [], theirs: [] };
    for (let run = 0; run <= runs; run++) {
      for (const side of ["ours", "theirs"] as const) {
        turn += 1;
        const subject = { spare: `${prefix}-spare`, other: `${prefix}-other`, run: turn };
        await runStatements(connection, command, subject);
        const program = laboratory.bd(workspace, command.args(subject));
        const ms = await timeOnce(side === "ours" ? program : byOther(other, program));
        if (run > 0) times[side].push(ms); // the first turn warms caches
      }
    }
    const [ours, theirs] = [median(times.ours), median(times.theirs)];
    console.log(`| \`${command.name}\` | ${ours.toFixed(0)} | ${theirs.toFixed(0)} | ${(ours / theirs).toFixed(2)} |`);
  }
  await connection.end();
} finally {
  await laboratory.close();
}
