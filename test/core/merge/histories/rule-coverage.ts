import { readFileSync } from "node:fs";
import { Session } from "node:inspector/promises";

/** A part of a source that never ran. */
export interface MissedBlock {
  readonly file: string;
  readonly line: number;
  /** Its first line. */
  readonly text: string;
}

/** Runs the work and gives the blocks of the sources that it did not execute. */
export async function missedBlocks(sources: readonly URL[], work: () => Promise<void>): Promise<MissedBlock[]> {
  // A long run may outlast an edit.
  const texts = sources.map((source) => ({ source, text: readFileSync(source, "utf8") }));
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  await work();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  session.disconnect();
  return texts.flatMap(({ source, text }) => {
    const script = result.find(({ url }) => url === source.href);
    if (script === undefined) throw new Error(`${source.href} was not loaded`);
    const ranges = script.functions.flatMap((one) => one.ranges.filter(({ count }) => count === 0));
    return ranges.map(({ startOffset }) => blockAt(source, text, startOffset));
  });
}

/** Node takes types out of a source by writing spaces, so places stay what they are. */
function blockAt(source: URL, text: string, offset: number): MissedBlock {
  const start = offset + (/^[\s{]*/.exec(text.slice(offset))?.[0].length ?? 0);
  return {
    file: source.pathname.slice(source.pathname.lastIndexOf("/") + 1),
    line: text.slice(0, start).split("\n").length,
    text: text.slice(start).split("\n", 1)[0] ?? "",
  };
}
