import { join } from "node:path";
import { BdError } from "../../errors.ts";
import type { ReadRules } from "../../host/read-file.ts";
import { xdgFolder } from "../../host/xdg-folder.ts";
import type { ProcessView } from "../process-view.ts";
import { type Metadata, readMetadata } from "../workspace/metadata.ts";
import { findWorkspace, newWorkspace, type Workspace } from "../workspace/workspace.ts";
import { invalidYaml, readYamlSettings, type YamlSettings } from "../yaml/yaml-settings.ts";
import { decideKey, isPersons } from "./decide-setting.ts";
import { isSection } from "./find-setting.ts";

/** The settings that a flag can give, each with the flag's text; a switch gives `true`. */
export type FlagSettings = Readonly<
  Partial<Record<"dolt.host" | "dolt.port" | "dolt.socket" | "dolt.user" | "dolt.database", string | undefined>> &
    Partial<Record<"actor" | "session", string | undefined>> &
    Partial<Record<"json" | "readonly", boolean | undefined>>
>;

/** Everything that can say what a setting is, as values. Only `view` must be there. */
export interface SettingSources {
  readonly view: ProcessView;
  readonly flags?: FlagSettings | undefined;
  readonly workspace?: Workspace | undefined;
  readonly metadata?: Metadata | undefined;
  /** The project's yaml files, the winning one first. */
  readonly project?: readonly YamlSettings[] | undefined;
  readonly person?: YamlSettings | undefined;
  /** The table `config`, for commands that have read it. */
  readonly database?: ReadonlyMap<string, string> | undefined;
}

/**
 * The files that settings come from, as they are when somebody first asks: one command reads each of them once. Two of
 * the peer's sources are left out on purpose: the file `.beads/dolt-server.port`, because a stale one leads into another
 * project's database, and `~/.beads/config.yaml`.
 */
export interface SettingFiles {
  /** As `findWorkspace`, with the trust that the person's environment and settings give. */
  workspace(directory?: string): Promise<Workspace | undefined>;
  /** As `newWorkspace`, with the same trust. */
  newWorkspace(directory?: string): Promise<Workspace>;
  /**
   * What the files say, the person's alone where there is no workspace.
   *
   * @throws BdError config/METADATA_INVALID, config/CONFIG_INVALID, and as `readTextFile`
   */
  sources(from?: {
    readonly workspace?: Workspace | undefined;
    readonly flags?: FlagSettings | undefined;
  }): Promise<SettingSources>;
}

/** What trust of the person's in a folder settles. */
const WANT_TRUST: ReadonlySet<string> = new Set(["WORKSPACE_NOT_TRUSTED", "WORKSPACE_LEADS_OUT"]);

export function settingFiles(view: ProcessView): SettingFiles {
  const person = remembered(() => readChecked(personConfigPath(view)));
  const project = remembered(readProject);
  const workspaces = remembered((directory: string | undefined) =>
    trusting((trusted) => findWorkspace(view, { directory, trusted })),
  );
  return {
    workspace: (directory) => workspaces(directory),
    newWorkspace: (directory) => trusting((trusted) => newWorkspace(view, { directory, trusted })),
    async sources({ workspace, flags } = {}) {
      const own = { view, flags, person: await person(undefined) };
      return workspace === undefined ? own : { ...own, workspace, ...(await project(workspace)) };
    },
  };

  /** The person's settings are read only where they decide something. */
  async function trusting<T>(find: (trusted: readonly string[]) => T): Promise<T> {
    try {
      return find([]);
    } catch (error) {
      if (!(error instanceof BdError) || !WANT_TRUST.has(error.code)) throw error;
    }
    return find(trustedFolders({ view, person: await person(undefined) }));
  }
}

/** What any of the person's sources says, together. */
function trustedFolders(sources: SettingSources): readonly string[] {
  const { winner, others } = decideKey("trusted-folders", sources);
  const said = [...(winner === undefined ? [] : [winner]), ...others].filter(isPersons);
  return [...new Set(said.flatMap(({ value }) => value.split(/[:,]/)).filter((entry) => entry !== ""))];
}

async function readProject(workspace: Workspace): Promise<Pick<SettingSources, "project" | "metadata">> {
  const { owners } = workspace;
  const local = await readChecked(join(workspace.beadsDir, "config.local.yaml"), { owners });
  const shared = await readChecked(workspace.configPath, { owners });
  return { project: [local, shared].filter((file) => file !== undefined), metadata: readMetadata(workspace) };
}

/** `~/.config/bd/config.yaml`, or where `XDG_CONFIG_HOME` says. */
export function personConfigPath(view: ProcessView): string {
  return join(xdgFolder("config", view), "bd", "config.yaml");
}

/** A file cut off in the middle of `dolt:` is still YAML, and means something else. */
async function readChecked(path: string, rules: ReadRules = {}): Promise<YamlSettings | undefined> {
  const settings = await readYamlSettings(path, rules);
  for (const [key, entry] of settings?.entries ?? []) {
    if (isSection(key)) throw invalidYaml(path, entry.line, `${key} must hold settings of its own, as ${key}.NAME`);
  }
  return settings;
}

/** The function, run at most once for each argument. */
function remembered<Argument, Result>(make: (argument: Argument) => Result): (argument: Argument) => Result {
  const made = new Map<Argument, { readonly result: Result }>();
  return (argument) => {
    const known = made.get(argument) ?? { result: make(argument) };
    made.set(argument, known);
    return known.result;
  };
}
