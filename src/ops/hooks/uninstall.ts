import { removeFile, writeTextFile } from "../../host/write-file.ts";
import { hookFilesIn, textAt } from "../../sync/hooks/hook-place.ts";
import { withoutBlock } from "../../sync/hooks/hook-script.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { describeHooks, hooksWire } from "./describe-hooks.ts";

/** Takes our block out of every hook; what else stands there is as it was. Throws as `describeHooks`; FILE_NOT_WRITABLE. */
export const uninstallHooks = defineOperation({
  name: "hooks.uninstall",
  access: "machine",
  input: NO_INPUT,
  async run(context) {
    const report = await describeHooks(context);
    for (const { path, state } of report.hooks) {
      const text = state === "installed" || state === "outdated" ? textAt(path) : undefined;
      if (text === undefined) continue;
      const rest = withoutBlock(text);
      if (rest === undefined) removeFile(path);
      else writeTextFile(path, rest, { within: report.folder });
    }
    return { ...report, hooks: hookFilesIn(report.place) };
  },
  wire: hooksWire,
});
