import { join } from "node:path";
import { requireSetting } from "../../config/settings/decide-setting.ts";
import { requireOwnFolder, type Workspace } from "../../config/workspace/workspace.ts";
import { setYamlSetting } from "../../config/yaml/yaml-edit.ts";
import { BdError, command } from "../../errors.ts";
import { runTool } from "../../host/child-process.ts";
import { editTextFile } from "../../host/edit-text-file.ts";
import { OUTSIDE_HOOKS } from "../../host/outside-hooks.ts";
import type { BaseContext } from "../context.ts";

/** Behaves like no driver where there is no bd. The section needs its driver first: git refuses to merge without. */
const MERGE_SETTINGS = [
  [
    "merge.bd.driver",
    "if command -v bd >/dev/null 2>&1; then bd merge-driver %O %A %B %L %P; else git merge-file -q --marker-size=%L -L ours -L base -L theirs %A %O %B; fi",
  ],
  ["merge.bd.name", "issues, field by field"],
  ["merge.bd.recursive", "binary"],
] as const;

const ATTRIBUTES = "issues.jsonl merge=bd";

type Caller = Pick<BaseContext, "machine" | "signal">;
type SettingsCaller = Caller & Pick<BaseContext, "sources">;

/** Throws BdError config NO_GIT_REPOSITORY where git knows no work tree around a folder that is there. */
export async function requireGitRepository(context: Caller, { root }: Workspace): Promise<void> {
  if ((await git(context, root, ["rev-parse", "--is-inside-work-tree"])) === "true") return;
  throw new BdError("config", "NO_GIT_REPOSITORY", `${root} is in no git repository, so no file can travel with it`, {
    hint: command`bd init --help`,
    details: { path: root },
  });
}

/** Has issues travel with the code: the project's setting, what git does with the file, and how this clone merges it. */
export async function setUpGitSync(context: SettingsCaller, workspace: Workspace): Promise<void> {
  const rules = { within: requireOwnFolder(workspace), signal: context.signal };
  await setYamlSetting(workspace.configPath, "sync.jsonl", "true", rules);
  await editTextFile(join(workspace.beadsDir, ".gitattributes"), (text = "") => withLine(text, ATTRIBUTES), rules);
  await setUpMergeDriver(context, workspace);
}

/** How this clone merges the file. Git takes no configuration from a repository, and the driver asks no settings. */
export async function setUpMergeDriver(context: SettingsCaller, { root }: Pick<Workspace, "root">): Promise<void> {
  const wins = requireSetting("sync.implicit_deletes", await context.sources()) === "win";
  for (const [key, value] of MERGE_SETTINGS)
    await git(context, root, ["config", key, wins ? value.replace(" %O", " --implicit-deletes %O") : value]);
}

function withLine(text: string, line: string): string | undefined {
  if (text.split("\n").includes(line)) return undefined;
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
}

async function git({ machine, signal }: Caller, cwd: string, args: readonly string[]): Promise<string | undefined> {
  const quietly = ["-c", "safe.bareRepository=explicit", ...args];
  const call = { path: "git", args: quietly, cwd, env: OUTSIDE_HOOKS, timeoutMs: 10_000 };
  const asked = await runTool({ env: machine.env, signal }, call);
  return asked.kind === "ended" && asked.exitCode === 0 ? asked.stdout.trim() : undefined;
}
