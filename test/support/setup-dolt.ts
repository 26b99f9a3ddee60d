import { obtainDolt } from "../../scripts/obtain-dolt.ts";

/** Finds a dolt, or obtains one and says each step; all workers know it by `BEADS_DOLT_BIN`. */
export async function setup(): Promise<void> {
  process.env["BEADS_DOLT_BIN"] = await obtainDolt((line) => console.log(line));
}
