import { chmodSync } from "node:fs";
import { join } from "node:path";
import { type SettingSources, settingFiles } from "../../src/config/settings/setting-files.ts";
import { workspaceIn } from "../../src/config/workspace/workspace.ts";
import { temporaryFolder, viewIn } from "./temporary-folder.ts";

/** What stands in the files and the environment of a command. */
export interface Situation {
  readonly metadata?: string;
  readonly project?: string;
  readonly local?: string;
  readonly person?: string;
  readonly credentials?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: SettingSources["flags"];
}

/** Sources read from real files: `work/.beads` and the home folder `home`. */
export async function sourcesOf(situation: Situation = {}): Promise<SettingSources & { readonly root: string }> {
  const files = {
    "work/.beads/metadata.json": situation.metadata ?? '{"dolt_mode":"server","dolt_database":"beads_demo"}',
    "work/.beads/config.yaml": situation.project ?? "",
    "work/.beads/config.local.yaml": situation.local ?? "",
    "home/.config/bd/config.yaml": situation.person ?? "",
    "home/.config/beads/credentials": situation.credentials ?? "",
  };
  const root = temporaryFolder(files);
  chmodSync(join(root, "home/.config/beads/credentials"), 0o600);
  const view = viewIn(join(root, "work"), situation.env, join(root, "home"));
  const workspace = workspaceIn(join(root, "work/.beads"));
  return { ...(await settingFiles(view).sources({ workspace, flags: situation.flags })), root };
}
