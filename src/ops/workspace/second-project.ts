import { basename, join } from "node:path";
import type { OldStore } from "../../config/workspace/old-store.ts";
import { cleanPrefix } from "../../config/workspace/prefix.ts";
import { type Workspace, workspaceAbove } from "../../config/workspace/workspace.ts";
import { BdError, command } from "../../errors.ts";
import { type FoundProject, findProjects } from "../../store/find-projects.ts";
import type { Inspection } from "../../store/server-facts.ts";
import type { MachineContext } from "../context.ts";
import type { InitInput } from "./init.ts";
import type { OldFolder } from "./old-folder.ts";
import type { Wanted } from "./plan-init.ts";

interface NewProject {
  readonly workspace: Workspace;
  readonly folder: OldFolder;
  readonly wanted: Wanted;
  readonly input: InitInput;
  readonly target: Inspection;
}

/** Enough to tell whether a database has the issues of a file. */
const ASKED_IDS = 200;

/**
 * A new project is empty, and often made by mistake where there is one: beside the store of another program, below a
 * workspace, or because `metadata.json` was lost. Each is named, and goes by a word of the person's.
 * Throws BdError init-exists OLD_STORE_BESIDE, WORKSPACE_ABOVE, PROJECT_ON_SERVER.
 */
export async function refuseSecondProject(context: MachineContext, project: NewProject): Promise<void> {
  const { workspace, folder, wanted, input } = project;
  if (input.new_project === true) return;
  const [store] = folder.stores;
  // Whoever names a file brings the issues from there.
  if (store !== undefined && input.bytes === undefined)
    throw oldStoreBeside(store, folder.jsonl ?? join(workspace.beadsDir, "issues.jsonl"));
  if (input.remote !== undefined) return;
  const above = folder.isUsed ? undefined : workspaceAbove(workspace, context.machine);
  if (above !== undefined) throw workspaceIsAbove(workspace, above);
  if (!folder.isUsed || input.database !== undefined) return;
  const like = (await projectsLike(project)).find((found) => isLike(found, wanted, folder));
  if (like !== undefined) throw projectOnServer(like);
}

/**
 * Two trackers of one prefix want one database name. Where the folder's issues are in a file and none of them is in the
 * database, that is another project, and joining it would mix the two.
 * Throws BdError config PROJECT_EXISTS.
 */
export async function refuseOtherProject(project: NewProject): Promise<void> {
  const { wanted, folder, input, workspace } = project;
  if (wanted.databaseIsNamed || folder.ids.length === 0) return;
  const taken = (await projectsLike(project)).find(({ database }) => database === wanted.database);
  if (taken === undefined || taken.issueCount === 0 || taken.sharedIds > 0) return;
  const other = `${wanted.database}_${cleanPrefix(basename(workspace.root))}`;
  const again = ["bd", "init", ...(input.from_jsonl ? ["--from-jsonl"] : []), `--database=${other}`];
  throw new BdError(
    "config",
    "PROJECT_EXISTS",
    `database '${taken.database}' holds another project, none of whose ${taken.issueCount} issues has an id of this folder's; name a database of its own`,
    {
      hint: command`${again}`,
      details: { database: taken.database },
    },
  );
}

function projectsLike({ target, folder }: NewProject): Promise<FoundProject[]> {
  return findProjects(target, folder.ids.slice(0, ASKED_IDS));
}

function isLike(found: FoundProject, wanted: Wanted, { ids }: OldFolder): boolean {
  if (wanted.projectId !== undefined && found.projectId === wanted.projectId) return true;
  if (found.sharedIds > 0) return true;
  const isSilent = ids.length === 0 || found.issueCount === 0;
  return isSilent && found.prefix === wanted.prefixOfNew;
}

function oldStoreBeside({ kind, path }: OldStore, file: string): BdError {
  const whole =
    kind === "Dolt"
      ? `. ${command`bd server adopt -- ${path}`} takes it over as it is, history and all; or write`
      : ". Write";
  const message = `${path} holds the issues of this project, in ${kind} as another program keeps them; nothing was changed${whole} them to ${file} with that program (${command`bd export --output=${file}`}), unless they are there, and import that; bd init --new-project goes on without them`;
  return new BdError("init-exists", "OLD_STORE_BESIDE", message, {
    hint: command`bd init --from-jsonl=${file}`,
    details: { path, kind, file },
  });
}

function workspaceIsAbove({ root }: Workspace, above: Workspace): BdError {
  const message = `${root} is part of the workspace ${above.beadsDir}, which commands here use; bd init --new-project makes one of its own for this folder`;
  return new BdError("init-exists", "WORKSPACE_ABOVE", message, {
    hint: command`bd where`,
    details: { path: above.beadsDir },
  });
}

function projectOnServer({ database, prefix, issueCount }: FoundProject): BdError {
  const message = `the server has what may be this folder's project: database '${database}', with the prefix '${prefix}' and ${issueCount} issues; join it by its name, or make another with bd init --new-project`;
  return new BdError("init-exists", "PROJECT_ON_SERVER", message, {
    hint: command`bd init --database=${database}`,
    details: { database, prefix, issue_count: issueCount },
  });
}
