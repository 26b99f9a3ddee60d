import * as z from "zod/mini";
import { readMetadata, writeMetadata } from "../../config/metadata.ts";
import { metadataWith } from "../../config/metadata-setting.ts";
import { setYamlSetting } from "../../config/yaml-edit.ts";
import { defineOperation } from "../operation.ts";

export const CONNECTION_KEYS = ["database", "host", "port", "socket", "user"] as const;

const SetInput = z.strictObject({
  key: z.enum(CONNECTION_KEYS),
  value: z.string().check(z.minLength(1, "the value is empty")),
  /** Put it into `config.yaml` too, for the team. */
  update_config: z.boolean(),
});

export interface SetConnectionResult {
  readonly key: string;
  readonly value: string;
  /** The files that hold it now. */
  readonly locations: readonly string[];
}

/** Changes where the workspace connects to. */
export const setConnection = defineOperation({
  name: "dolt.set",
  access: "admin",
  input: SetInput,
  async run(context, { key, value, update_config }: z.infer<typeof SetInput>): Promise<SetConnectionResult> {
    const workspace = context.workspace();
    const setting = `dolt.${key}`;
    writeMetadata(workspace, metadataWith(readMetadata(workspace) ?? {}, setting, value));
    if (!update_config) return { key, value, locations: [workspace.metadataPath] };
    await setYamlSetting(workspace.configPath, setting, value);
    return { key, value, locations: [workspace.metadataPath, workspace.configPath] };
  },
});
