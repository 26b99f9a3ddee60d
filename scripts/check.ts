// `npm run check`: everything that can be known without running the program, all at once, under a minute.
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { checkHouse, readSources } from "./house-rules.ts";

interface Outcome {
  readonly ok: boolean;
  /** What to show: always for a failure, and for a success only when a part has something to say. */
  readonly output: string;
}

interface Part {
  readonly name: string;
  run(): Promise<Outcome>;
}

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");

/** A part that is a program of node_modules/.bin, run by the Node that is pinned there too. */
function tool(name: string, command: string, ...args: string[]): Part {
  const run = async (): Promise<Outcome> => {
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
    const child = spawn(join(bin, command), args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { ok: code === 0, output: code === 0 ? "" : `${stdout}${stderr}`.trim() };
  };
  return { name, run };
}

const house: Part = {
  name: "import direction and other house rules",
  run: async () => {
    const { violations, warnings } = checkHouse(await readSources(root));
    const output = [...violations, ...warnings.map((warning) => `warning: ${warning}`)].join("\n");
    return { ok: violations.length === 0, output };
  },
};

const PARTS: readonly Part[] = [
  tool("types", "tsc", "--noEmit"),
  tool("lint", "oxlint", "--type-aware", "--deny-warnings"),
  tool("format", "biome", "check", "--error-on-warnings"),
  house,
  tool("dead code and dependencies", "knip"),
];

/** Runs one part and prints it when it is done, in one piece. */
async function report(part: Part): Promise<boolean> {
  const start = performance.now();
  const outcome = await part.run().catch((error: unknown) => ({ ok: false, output: String(error) }));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${outcome.ok ? "ok  " : "FAIL"} ${seconds.padStart(5)} s  ${part.name}`);
  if (outcome.output !== "") console.log(outcome.output.replace(/^/gm, "    "));
  return outcome.ok;
}

const start = performance.now();
const results = await Promise.all(PARTS.map(report));
const failed = results.filter((ok) => !ok).length;
const seconds = ((performance.now() - start) / 1000).toFixed(1);
console.log(`${PARTS.length - failed} of ${PARTS.length} checks passed in ${seconds} s`);
if (failed > 0) process.exitCode = 1;
