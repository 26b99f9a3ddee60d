import * as z from "zod/mini";
import { decideKey, isPersons, requireSetting } from "../../config/settings/decide-setting.ts";
import type { FlagSettings, SettingSources } from "../../config/settings/setting-files.ts";
import { resolveFederation } from "../../config/settings/settings.ts";
import { initWorkspaceFiles } from "../../config/workspace/init-files.ts";
import { requireOwnFolder } from "../../config/workspace/workspace.ts";
import { setYamlSetting } from "../../config/yaml/yaml-edit.ts";
import type { Endpoint } from "../../core/endpoint.ts";
import { isSameRemote, parseRemoteUrl } from "../../core/remote-url.ts";
import { BdError, command } from "../../errors.ts";
import type { Cloned } from "../../federation/clone.ts";
import { startHint } from "../../server/start-hint.ts";
import { createDatabase } from "../../store/create-database.ts";
import { type DatabaseFacts, inspectServer, requireDolt } from "../../store/server-facts.ts";
import { syncBranchOf } from "../../sync/branch/branch-home.ts";
import type { MachineContext } from "../context.ts";
import { type ImportResult, importLines, streamOfBytes } from "../data/import.ts";
import { keepHost } from "../dolt/remote-credentials.ts";
import { defineOperation } from "../operation.ts";
import { gitCaller } from "../sync/open-home.ts";
import { syncFile } from "../sync/sync.ts";
import { address } from "../wire/address.ts";
import { natural } from "../wire/formats.ts";
import { checkSameHistory, cloneProject, nameTypedFolder } from "./clone-project.ts";
import { initMetadata } from "./init-metadata.ts";
import { refuseJoinedCode } from "./joined-code.ts";
import { joinProject, makeProject } from "./make-project.ts";
import { lookIntoFolder, type OldFolder } from "./old-folder.ts";
import { type InitPlan, isUnmade, planInit, type Wanted, wantedProject } from "./plan-init.ts";
import { refuseOtherProject, refuseSecondProject } from "./second-project.ts";
import { requireGitRepository, setUpGitSync } from "./set-up-git-sync.ts";

export const InitInput = z.strictObject({
  prefix: z.optional(z.string()),
  database: z.optional(z.string()),
  server_host: z.optional(z.string()),
  server_port: z.optional(z.string()),
  server_socket: z.optional(z.string()),
  server_user: z.optional(z.string()),
  /** To begin anew over what is there, which is always refused. */
  reinit: z.optional(z.enum(["reinit", "discard-remote", "destroy-token"])),
  /** A remote that the project comes from, or goes to. */
  remote: z.optional(z.string()),
  /** Code that may come with it, or be in the database, by kind and name: `trigger:evil`. */
  accept: z.optional(z.array(z.string())),
  /** Import the workspace's own JSONL file afterwards. */
  from_jsonl: z.boolean(),
  /** JSONL to import in its place, and what messages call it. */
  bytes: z.optional(streamOfBytes()),
  source: z.optional(z.string()),
  /** Make a new project although there seems to be one. */
  new_project: z.optional(z.boolean()),
  /** Have issues travel with the code, in a file. */
  git_sync: z.optional(z.boolean()),
});

export type InitInput = z.infer<typeof InitInput>;

export interface InitResult {
  /** `unchanged`: the workspace belonged to that project already. */
  readonly outcome: "created" | "joined" | "unchanged";
  readonly beadsDir: string;
  readonly database: string;
  readonly prefix: string;
  readonly projectId: string | undefined;
  readonly endpoint: Omit<Endpoint, "password">;
  /** Issues that were there. */
  readonly issueCount: number;
  readonly imported: ImportResult | undefined;
  /** Whether `metadata.json` named another program's store before. */
  readonly tookOver: boolean;
  /** Whether issues were made to travel with the code, and on which branch of their own, if on one. */
  readonly gitSync: boolean;
  readonly syncBranch: string | undefined;
  /** Whether the project wants that. */
  readonly syncs: boolean;
  /** The JSONL file in the folder, where the project is empty and nothing was imported. */
  readonly notImported: string | undefined;
  /** The remote that the project came from, or that it is to be pushed to. */
  readonly remote: { readonly url: string; readonly cloned: boolean } | undefined;
}

/** Makes a workspace in a folder, and its project where there is none; `metadata.json` comes last. */
export const initWorkspace = defineOperation({
  name: "workspace.init",
  access: "machine",
  input: InitInput,
  async run(context, input: InitInput): Promise<InitResult> {
    const workspace = await context.newWorkspace();
    // Said before anything is made on the server.
    requireOwnFolder(workspace);
    if (input.git_sync === true) await requireGitRepository(context, workspace);
    const here = context.within(workspace, flagsFrom(input));
    const sources = await here.sources();
    const { metadata } = sources;
    const { endpoint, database } = await here.settings();
    const folder = await lookIntoFolder(here, workspace, input);
    const wanted = wantedProject({
      workspace,
      metadata,
      database,
      databaseIsNamed: isNamed(sources),
      prefix: input.prefix,
      oldPrefix: folder.prefix,
      reinit: input.reinit,
    });
    const target = { endpoint, database: wanted.database, startHint: () => startHint(here.machine, endpoint.port) };

    const remote = remoteFor(input, resolveFederation(await here.sources()).remote);
    const before = await inspectServer({ ...target, awaitsWriters: true });
    requireDolt(before, endpoint);
    // What is there and empty is what is left of an init that was cut off, or made by an admin for this.
    const mayFill = before.database === undefined || before.database.isEmpty;
    const project = { workspace, folder, wanted, input, target };
    await (isUnmade(before.database) ? refuseSecondProject(here, project) : refuseOtherProject(project));
    const clone =
      remote === undefined || !mayFill
        ? undefined
        : await cloneProject(here, {
            url: remote,
            database: wanted.database,
            accept: input.accept,
            isTyped: input.remote !== undefined,
          });
    const cloned = clone?.outcome === "cloned";
    const server = clone === undefined ? before : await inspectServer({ ...target, awaitsWriters: true });
    // Whoever names a remote, or the database that it fills, means that project.
    const meant = { ...wanted, databaseIsNamed: wanted.databaseIsNamed || cloned || input.remote !== undefined };
    const plan = await planned(meant, server.database, clone);
    const named = { ...meant, database: server.database?.name ?? wanted.database };
    if (plan === "create") await createDatabase({ ...target, database: named.database });
    const session = await here.openSession({ endpoint, database: named.database, projectId: wanted.projectId });
    // Who belongs to the project already is asked nothing.
    if (server.database !== undefined && !cloned && metadata?.project_id === undefined) {
      await refuseJoinedCode(session, { ...target, database: server.database, accept: input.accept });
    }
    if (plan === "join" && !cloned && input.remote !== undefined && remote !== undefined) {
      await checkSameHistory(here, { session, url: remote, database: named.database });
    }
    const made =
      plan === "create"
        ? await makeProject(here, session, named)
        : await joinProject(here, { session, wanted: named, tracker: server.database?.tracker, cloned });

    if (plan === "create" && input.remote !== undefined && remote !== undefined) {
      await nameTypedFolder(here, { session, url: remote, database: named.database });
    }

    initWorkspaceFiles(
      workspace,
      initMetadata(sources, { endpoint, database: named.database, projectId: made.projectId }),
    );
    if (input.remote !== undefined && remote !== undefined) {
      const rules = { within: requireOwnFolder(workspace), signal: context.signal };
      await setYamlSetting(workspace.configPath, "federation.remote", remote, rules);
      await keepHost(here, parseRemoteUrl(remote));
    }
    if (input.git_sync === true) await setUpGitSync(context, workspace);
    const knowsProject = metadata?.project_id !== undefined;
    const issueCount = server.database?.tracker?.issueCount ?? 0;
    const again = context.within(workspace, flagsFrom(input));
    const imported = folder.toImport === undefined ? undefined : await importInto(again, folder.toImport);
    if (imported !== undefined || input.git_sync === true) await noteFile(again);
    return {
      outcome: made.isNew ? "created" : cloned || folder.isForeign || !knowsProject ? "joined" : "unchanged",
      beadsDir: workspace.beadsDir,
      database: named.database,
      prefix: made.prefix,
      projectId: made.projectId,
      endpoint,
      issueCount,
      remote: remote === undefined ? undefined : { url: remote, cloned },
      tookOver: folder.isForeign,
      gitSync: input.git_sync ?? false,
      syncBranch: input.git_sync === true ? await syncBranchOf(gitCaller(context), workspace.root) : undefined,
      syncs: requireSetting("sync.jsonl", await again.sources()),
      notImported: imported === undefined && issueCount === 0 ? folder.jsonl : undefined,
      imported,
    };
  },
  wire: {
    of: ({ endpoint, imported, remote, ...result }) => ({
      outcome: result.outcome,
      path: result.beadsDir,
      database: result.database,
      prefix: result.prefix,
      project_id: result.projectId,
      host: endpoint.host,
      port: endpoint.port,
      socket: endpoint.socketPath,
      user: endpoint.user,
      issue_count: result.issueCount,
      remote: remote?.url,
      cloned: remote?.cloned,
      took_over: result.tookOver ? true : undefined,
      git_sync: result.gitSync ? true : undefined,
      imported: imported === undefined ? undefined : imported.created + imported.updated,
      not_imported: result.notImported,
    }),
    schema: () =>
      z.looseObject({
        outcome: z.enum(["created", "joined", "unchanged"]),
        path: z.string(),
        database: z.string(),
        prefix: z.string(),
        project_id: z.optional(z.string()),
        ...address(),
        user: z.string(),
        issue_count: natural(),
        remote: z.optional(z.string()),
        cloned: z.optional(z.boolean()),
        took_over: z.optional(z.literal(true)),
        git_sync: z.optional(z.literal(true)),
        imported: z.optional(natural()),
        not_imported: z.optional(z.string()),
      }),
  },
});

/** Throws BdError usage REMOTE_URL_INVALID, rejected REMOTE_EXISTS. */
function remoteFor({ remote }: InitInput, configured: string | undefined): string | undefined {
  if (remote === undefined) return configured;
  const { text } = parseRemoteUrl(remote);
  if (configured === undefined || isSameRemote(text, configured)) return text;
  throw new BdError("rejected", "REMOTE_EXISTS", `config.yaml names another remote for this project, ${configured}`, {
    hint: command`bd config explain federation.remote`,
    details: { url: configured },
  });
}

/** Whether the person names the database, or the project's file does, together with the id of the project. */
function isNamed(sources: SettingSources): boolean {
  const { winner } = decideKey("dolt.database", sources);
  return winner !== undefined && (isPersons(winner) || sources.metadata?.project_id !== undefined);
}

/** As `planInit`; a clone of something that is no project of ours goes again. */
async function planned(
  wanted: Wanted,
  database: DatabaseFacts | undefined,
  clone: Cloned | undefined,
): Promise<InitPlan> {
  try {
    return planInit(wanted, database);
  } catch (error) {
    await clone?.undo();
    throw error;
  }
}

/** Throws BdError: as `importLines`, with what remains to be done. */
async function importInto(context: MachineContext, { lines, source }: Exclude<OldFolder["toImport"], undefined>) {
  try {
    const rules = { dry_run: false, dedup: false, skip_invalid: false, force_older: false };
    return await importLines(context, { ...rules, lines, source });
  } catch (error) {
    if (!(error instanceof BdError)) throw error;
    const { kind, code, message, details } = error;
    throw new BdError(
      kind,
      code,
      `${message}; the project is there, and the issues of ${source} are still to be imported`,
      {
        hint: command`bd import -- ${source}`,
        details,
        cause: error,
      },
    );
  }
}

/** What the next pull brings is told from what the file says now. No trouble with that is one of the project. */
async function noteFile(context: MachineContext): Promise<void> {
  const rules = { full: false, dry_run: false, allow_deletes: false, by_itself: true, vouched_for: true };
  try {
    await syncFile.run({ ...context, note: () => {} }, { ...rules, direction: "import" });
  } catch (error) {
    if (!(error instanceof BdError) || error.kind === "interrupted") throw error;
  }
}

function flagsFrom(input: InitInput): FlagSettings {
  const flags = {
    "dolt.host": input.server_host,
    "dolt.port": input.server_port,
    "dolt.socket": input.server_socket,
    "dolt.user": input.server_user,
    "dolt.database": input.database,
  };
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}
