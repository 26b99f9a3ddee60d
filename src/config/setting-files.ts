import { join } from "node:path";
import { isSection } from "./find-setting.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { environmentValue, type ProcessView } from "./process-view.ts";
import { findWorkspace, type Workspace } from "./workspace.ts";
import { invalidYaml, readYamlSettings, type YamlSettings } from "./yaml-settings.ts";

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
  /** As `findWorkspace`. */
  workspace(directory?: string): Workspace | undefined;
  /**
   * What the files say, the person's alone where there is no workspace.
   *
   * @throws BdError config/METADATA_INVALID, config/CONFIG_INVALID, config/FILE_UNREADABLE
   */
  sources(from?: {
    readonly workspace?: Workspace | undefined;
    readonly flags?: FlagSettings | undefined;
  }): Promise<SettingSources>;
}

export function settingFiles(view: ProcessView): SettingFiles {
  const workspaces = remembered((directory: string | undefined) => findWorkspace(view, { directory }));
  const yaml = remembered(readChecked);
  const metadata = remembered((path: string) => readMetadata({ metadataPath: path }));
  return {
    workspace: (directory) => workspaces(directory),
    async sources({ workspace, flags } = {}) {
      const person = await yaml(personConfigPath(view));
      if (workspace === undefined) return { view, flags, person };
      const local = await yaml(join(workspace.beadsDir, "config.local.yaml"));
      const shared = await yaml(workspace.configPath);
      const project = [local, shared].filter((file) => file !== undefined);
      return { view, flags, person, workspace, project, metadata: metadata(workspace.metadataPath) };
    },
  };
}

/** `~/.config/bd/config.yaml`, or where `XDG_CONFIG_HOME` says. */
export function personConfigPath(view: ProcessView): string {
  return join(environmentValue(view, "XDG_CONFIG_HOME") ?? join(view.home, ".config"), "bd", "config.yaml");
}

/** A file cut off in the middle of `dolt:` is still YAML, and means something else. */
async function readChecked(path: string): Promise<YamlSettings | undefined> {
  const settings = await readYamlSettings(path);
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
