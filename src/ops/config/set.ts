import * as z from "zod/mini";
import { settingToSet } from "../../config/settings/edit-setting.ts";
import { explainSetting, redacted } from "../../config/settings/explain-setting.ts";
import { settingFiles } from "../../config/settings/setting-files.ts";
import type { Workspace } from "../../config/workspace/workspace.ts";
import { command } from "../../errors.ts";
import type { WriteContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { writeSetting } from "./write-setting.ts";

const SetInput = z.strictObject({ key: z.string(), value: z.string() });

export interface SetResult {
  readonly key: string;
  /** As it may be printed. */
  readonly value: string;
  readonly location: string;
}

/** Sets one setting where it belongs. */
export const setConfig = defineOperation({
  name: "config.set",
  access: "write",
  input: SetInput,
  passesReadonly: ({ key }: z.infer<typeof SetInput>) => key === "readonly",
  async run(context, input: z.infer<typeof SetInput>): Promise<SetResult> {
    const row = await settingToSet(input.key);
    const { location } = await writeSetting(context, row, input.value);
    if (row.home !== "database") await sayWhatOutdoesIt(context, { key: row.key, set: input.value, location });
    return { key: input.key, value: redacted(row.key, input.value), location };
  },
  wire: {
    of: ({ key, value, location }) => ({
      key,
      value,
      location: location === "the table config" ? undefined : location,
    }),
    schema: () => z.looseObject({ key: z.string(), value: z.string(), location: z.optional(z.string()) }),
  },
});

/** What is wrong with a workspace does not matter to what was written elsewhere. */
function workspaceIn(context: WriteContext): Workspace | undefined {
  try {
    return context.findWorkspace();
  } catch {
    return undefined;
  }
}

/** A value that is written but does not count would be a riddle. */
async function sayWhatOutdoesIt(
  context: WriteContext,
  { key, set, location }: { readonly key: string; readonly set: string; readonly location: string },
): Promise<void> {
  const sources = await settingFiles(context.machine).sources({ workspace: workspaceIn(context) });
  const { value, source, losers } = explainSetting(key, sources);
  if (source === undefined || source.includes(location) || value === redacted(key, set)) return;
  const why = losers.find((loser) => loser.source.startsWith(location))?.why ?? `${source} goes first`;
  context.note(`${key} stays ${value ?? ""}: ${why} (${command`bd config explain ${key}`})`);
}
