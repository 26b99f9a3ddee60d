import * as z from "zod/mini";
import { metadataWith } from "../../config/settings/edit-setting.ts";
import { editMetadata } from "../../config/workspace/metadata.ts";
import { requireOwnFolder } from "../../config/workspace/workspace.ts";
import { setYamlSetting } from "../../config/yaml/yaml-edit.ts";
import { parseRemoteUrl } from "../../core/remote-url.ts";
import { defineOperation } from "../operation.ts";

export const CONNECTION_KEYS = ["database", "host", "port", "socket", "user"] as const;

/** What the whole project shares: it stands in `config.yaml` alone. */
const REMOTE_KEY = "federation.remote";

const KEYS = [...CONNECTION_KEYS, REMOTE_KEY] as const;

const SetInput = z.strictObject({
  key: z.enum(KEYS),
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
  access: "machine",
  input: SetInput,
  async run(context, { key, value, update_config }: z.infer<typeof SetInput>): Promise<SetConnectionResult> {
    const workspace = context.workspace();
    const { signal } = context;
    const rules = { within: requireOwnFolder(workspace), signal };
    if (key === REMOTE_KEY) {
      const url = parseRemoteUrl(value).text;
      await setYamlSetting(workspace.configPath, key, url, rules);
      return { key, value: url, locations: [workspace.configPath] };
    }
    const setting = `dolt.${key}`;
    await editMetadata(workspace, (metadata) => metadataWith(metadata, setting, value), { signal });
    if (!update_config) return { key, value, locations: [workspace.metadataPath] };
    await setYamlSetting(workspace.configPath, setting, value, rules);
    return { key, value, locations: [workspace.metadataPath, workspace.configPath] };
  },
  wire: {
    of: ({ key, value, locations: [location] }) => ({ key, value, location }),
    schema: () => z.looseObject({ key: z.enum(KEYS), value: z.string(), location: z.string() }),
  },
});
