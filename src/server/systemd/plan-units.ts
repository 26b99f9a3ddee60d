import { join } from "node:path";
import { runTool } from "../../host/child-process.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import type { UnitText } from "./render-units.ts";
import { authorOf, readUnit } from "./unit-files.ts";

/** A unit file as it should be, beside what is there. */
export interface PlannedUnit extends UnitText {
  readonly path: string;
  /** `new`: nothing is there. `outdated`: we wrote what is there. `edited`, `foreign`: somebody else did, in part or whole. */
  readonly state: "new" | "current" | "outdated" | "edited" | "foreign";
  /** From what is there to what should be: a unified diff, or undefined where there is nothing to compare. */
  readonly diff: string | undefined;
}

export async function planUnits(
  environment: ServerEnvironment,
  folder: string,
  units: readonly UnitText[],
): Promise<readonly PlannedUnit[]> {
  return Promise.all(units.map((unit) => planUnit(environment, join(folder, unit.name), unit)));
}

async function planUnit(environment: ServerEnvironment, path: string, unit: UnitText): Promise<PlannedUnit> {
  const there = await readUnit(path);
  if (there === undefined) return { ...unit, path, state: "new", diff: undefined };
  if (there === unit.text) return { ...unit, path, state: "current", diff: undefined };
  const states = { we: "outdated", edited: "edited", other: "foreign" } as const;
  return { ...unit, path, state: states[authorOf(there)], diff: await diffOf(environment, path, unit) };
}

async function diffOf(environment: ServerEnvironment, path: string, { name, text }: UnitText): Promise<string> {
  const labels = ["-L", `${name} (now)`, "-L", `${name} (new)`];
  const result = await runTool(environment, { path: "diff", args: ["-u", ...labels, path, "-"], stdin: text });
  // Exit code 1 says that there is a difference.
  return result.kind === "ended" && result.exitCode === 1 ? result.stdout : text;
}
