import { spawn } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { commitChanges } from "../support/commit-changes.ts";
import { testWorkspace } from "../support/workspace.ts";

/** Other work that this machine has to do meanwhile. */
function keepBusy(count: number): void {
  const loops = Array.from({ length: count }, () => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
  onTestFinished(() => loops.forEach((loop) => loop.kill("SIGKILL")));
}

/** The whole storm takes a quarter of an hour of two cores. */
const STORMS: [writers: number, writes: number, busy: number][] =
  process.env["BEADS_STORM"] === "full"
    ? [
        [16, 25, 20],
        [50, 12, 4],
      ]
    : [
        [16, 4, 8],
        [50, 2, 4],
      ];

test.each(STORMS)(
  "of %i programs that write %i times each, beside %i that keep the machine busy, every write lands once and none gives up",
  async (writers, writes, busy) => {
    const workspace = await testWorkspace();
    const prefix = workspace.database.slice("beads_".length);
    keepBusy(busy);

    const failures = await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const failed: string[] = [];
        for (let n = 0; n < writes; n += 1) {
          const name = `w${writer}n${n}`;
          const args = ["create", name, "--id", `${prefix}-${name}`, "--actor", name, "-q"];
          const { code, stderr } = await workspace.spawn(args, { timeoutMs: 600_000 }).done;
          if (code !== 0) failed.push(`${name}: ${code} ${stderr}`);
        }
        return failed;
      }),
    );

    expect(failures.flat()).toEqual([]);
    const names = Array.from({ length: writers * writes }, (_, i) => `w${Math.floor(i / writes)}n${i % writes}`);
    const made = (await commitChanges(workspace)).filter(({ committer }) => committer.startsWith("w"));
    expect(made.map(({ committer }) => committer).toSorted()).toEqual(names.toSorted());
    for (const { committer, changes } of made)
      expect(changes).toEqual([
        `+event ${prefix}-${committer} created by ${committer}`,
        `+issue ${prefix}-${committer}`,
      ]);
  },
);
