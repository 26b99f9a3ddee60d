import { join } from "node:path";
import { BdError, command } from "../../errors.ts";
import { errnoOf } from "../../host/errno.ts";
import { createTextFile, makeFolders } from "../../host/write-file.ts";
import { type Metadata, writeMetadata } from "./metadata.ts";
import { requireOwnFolder, type Workspace } from "./workspace.ts";

const CONFIG_TEMPLATE = `# Settings of this project, shared by everybody who clones it. Every line is optional.
# What belongs to you alone goes into ~/.config/bd/config.yaml, what belongs to this machine into config.local.yaml
# beside this file. "bd config explain KEY" shows which value counts and where it comes from.

# Print JSON unless told otherwise:
# json: true

# Where the team's Dolt server listens, for clones without a metadata.json of their own:
# dolt:
#   host: 127.0.0.1
#   port: 3307
#   user: root
`;

/** What a machine leaves behind, this program's and the peer's; the settings and metadata.json are meant to be shared. */
const GIT_IGNORE = `# Files of this machine only
last-touched
config.local.yaml
.env
.local_version
.beads-credential-key
*.log
*.lock
*.pid
*.port
*.sock
*.tmp-*
dolt/
embeddeddolt/
backup/
export-state.json
push-state.json
sync.json
`;

/**
 * Makes a workspace's files, and nothing outside of its `.beads` folder: `metadata.json` becomes what is given,
 * `config.yaml` and `.gitignore` are written only where there are none. Returns the names of the files it wrote.
 *
 * @throws BdError config/FILE_NOT_WRITABLE, config/LINK_LEADS_OUT
 */
export function initWorkspaceFiles(workspace: Workspace, metadata: Metadata): string[] {
  try {
    requireOwnFolder(workspace);
    makeFolders(workspace.beadsDir, 0o777);
    writeMetadata(workspace, metadata);
    const written = ["metadata.json"];
    if (createTextFile(workspace.configPath, CONFIG_TEMPLATE)) written.push("config.yaml");
    if (createTextFile(join(workspace.beadsDir, ".gitignore"), GIT_IGNORE)) written.push(".gitignore");
    return written;
  } catch (cause) {
    if (cause instanceof BdError) throw cause;
    const errno = errnoOf(cause);
    const message = `the workspace ${workspace.beadsDir} can't be written (${errno ?? "unknown error"})`;
    throw new BdError("config", "FILE_NOT_WRITABLE", message, {
      hint: command`bd where`,
      details: { path: workspace.beadsDir, errno },
      cause,
    });
  }
}
