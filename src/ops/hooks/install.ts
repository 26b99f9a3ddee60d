import { makeFolders, writeTextFile } from "../../host/write-file.ts";
import { type HookFile, hookFilesIn, textAt } from "../../sync/hooks/hook-place.ts";
import { withBlock } from "../../sync/hooks/hook-script.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { setUpMergeDriver } from "../workspace/set-up-git-sync.ts";
import { describeHooks, hooksWire } from "./describe-hooks.ts";

const WRITABLE: ReadonlySet<HookFile["state"]> = new Set(["absent", "outdated", "other"]);

/**
 * Has git run bd in this clone, beside what it runs already, and merge the file of issues by the fields of issues. Where
 * somebody else writes the hooks, nothing is written, and the report has the lines for them.
 * Throws as `describeHooks`; BdError config FILE_NOT_WRITABLE.
 */
export const installHooks = defineOperation({
  name: "hooks.install",
  access: "machine",
  input: NO_INPUT,
  async run(context) {
    const report = await describeHooks(context);
    await setUpMergeDriver(context, context.workspace());
    if (report.manager !== undefined) return report;
    makeFolders(report.folder, 0o755);
    for (const { name, path } of report.hooks.filter(({ state }) => WRITABLE.has(state))) {
      writeTextFile(path, withBlock(textAt(path), name), { within: report.folder, mode: 0o755 });
    }
    return { ...report, hooks: hookFilesIn(report.place) };
  },
  wire: hooksWire,
});
