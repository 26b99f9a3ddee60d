import { join } from "node:path";
import * as z from "zod/mini";
import { initWorkspaceFiles } from "../../config/init-files.ts";
import type { FlagSettings } from "../../config/setting-files.ts";
import { resolveFederation } from "../../config/settings.ts";
import { requireOwnFolder, type Workspace } from "../../config/workspace.ts";
import { setYamlSetting } from "../../config/yaml-edit.ts";
import { commitAuthor } from "../../core/actor.ts";
import type { Endpoint } from "../../core/endpoint.ts";
import { isSameRemote, parseRemoteUrl } from "../../core/remote-url.ts";
import { BdError, command } from "../../errors.ts";
import type { Cloned } from "../../federation/clone.ts";
import { fileKindAt } from "../../host/read-file.ts";
import { startHint } from "../../server/start-hint.ts";
import { createDatabase } from "../../store/create-database.ts";
import { identityQuery, SCHEMA_VERSION } from "../../store/database-identity.ts";
import { applyMigrations } from "../../store/migrate/apply-migrations.ts";
import { readMigrations } from "../../store/migrate/read-migrations.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { insertProjectId, saveConfig } from "../../store/queries/write-settings.ts";
import { type DatabaseFacts, inspectServer, requireDolt, type TrackerFacts } from "../../store/server-facts.ts";
import type { Session } from "../../store/session-types.ts";
import type { MachineContext } from "../context.ts";
import type { ImportResult } from "../data/import.ts";
import { keepHost } from "../dolt/remote-credentials.ts";
import { defineOperation } from "../operation.ts";
import { address } from "../wire/address.ts";
import { natural } from "../wire/formats.ts";
import { checkSameHistory, cloneProject, nameTypedFolder } from "./clone-project.ts";
import { initMetadata } from "./init-metadata.ts";
import { refuseJoinedCode } from "./joined-code.ts";
import {
  checkMeant,
  checkPrefix,
  givesPrefix,
  type InitPlan,
  planInit,
  type Wanted,
  wantedProject,
} from "./plan-init.ts";

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
  /** Import the workspace's own `issues.jsonl` afterwards. */
  from_jsonl: z.boolean(),
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
    if (input.from_jsonl) requireJsonl(workspace);
    const here = context.within(workspace, flagsFrom(input));
    const { metadata } = await here.sources();
    const { endpoint, database } = await here.settings();
    const wanted = wantedProject({ workspace, metadata, database, prefix: input.prefix, reinit: input.reinit });
    const target = { endpoint, database: wanted.database, startHint: () => startHint(here.machine, endpoint.port) };

    const remote = remoteFor(input, resolveFederation(await here.sources()).remote);
    const before = await inspectServer({ ...target, awaitsWriters: true });
    requireDolt(before, endpoint);
    // What is there and empty is what is left of an init that was cut off, or made by an admin for this.
    const mayFill = before.database === undefined || before.database.isEmpty;
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
    const project =
      plan === "create"
        ? await makeProject(here, session, named)
        : await joinProject(here, { session, wanted: named, tracker: server.database?.tracker, cloned });

    if (plan === "create" && input.remote !== undefined && remote !== undefined) {
      await nameTypedFolder(here, { session, url: remote, database: named.database });
    }

    initWorkspaceFiles(
      workspace,
      initMetadata(metadata, { endpoint, input, database: named.database, projectId: project.projectId }),
    );
    if (input.remote !== undefined && remote !== undefined) {
      const rules = { within: requireOwnFolder(workspace), signal: context.signal };
      await setYamlSetting(workspace.configPath, "federation.remote", remote, rules);
      await keepHost(here, parseRemoteUrl(remote));
    }
    return {
      outcome: project.isNew ? "created" : metadata === undefined || cloned ? "joined" : "unchanged",
      beadsDir: workspace.beadsDir,
      database: named.database,
      prefix: project.prefix,
      projectId: project.projectId,
      endpoint,
      issueCount: server.database?.tracker?.issueCount ?? 0,
      remote: remote === undefined ? undefined : { url: remote, cloned },
      imported: input.from_jsonl ? await importJsonl(context.within(workspace, flagsFrom(input))) : undefined,
    };
  },
  wire: {
    of: ({ outcome, beadsDir, database, prefix, projectId, endpoint, issueCount, imported, remote }) => ({
      outcome,
      path: beadsDir,
      database,
      prefix,
      project_id: projectId,
      host: endpoint.host,
      port: endpoint.port,
      socket: endpoint.socketPath,
      user: endpoint.user,
      issue_count: issueCount,
      remote: remote?.url,
      cloned: remote?.cloned,
      imported: imported === undefined ? undefined : imported.created + imported.updated,
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
        imported: z.optional(natural()),
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

/** Throws BdError usage before anything is made. */
function requireJsonl({ beadsDir }: Workspace): void {
  const path = join(beadsDir, "issues.jsonl");
  if (fileKindAt(path) !== undefined) return;
  throw new BdError("usage", "FILE_NOT_FOUND", `there is no ${path} to import`, {
    hint: command`bd init`,
    details: { path },
  });
}

async function importJsonl(context: MachineContext): Promise<ImportResult> {
  const { importIssues } = await import("../data/import.ts");
  return importIssues.run(context, { dry_run: false, dedup: false, skip_invalid: false, force_older: false });
}

interface Project {
  readonly isNew: boolean;
  readonly projectId: string | undefined;
  readonly prefix: string;
}

async function makeProject(context: MachineContext, session: Session, wanted: Wanted): Promise<Project> {
  await makeTables(context, session);
  return saveIdentity(context, session, wanted);
}

async function makeTables(context: MachineContext, session: Session): Promise<void> {
  const migrations = readMigrations(join(context.machine.packageRoot, "migrations"));
  const author = commitAuthor(await context.actor());
  let done = 0;
  const say = () => context.progress({ task: "creating the tables", done: (done += 1), total: migrations.length });
  await session.migrate((connection) => applyMigrations(connection, migrations, { author, say }));
}

/** A project of another schema is joined as it is: `bd migrate`, or a newer program, has to come first. */
async function joinProject(
  context: MachineContext,
  {
    session,
    wanted,
    tracker,
    cloned,
  }: { session: Session; wanted: Wanted; tracker: TrackerFacts | undefined; cloned: boolean },
): Promise<Project> {
  const { projectId, prefix = "", schemaVersion = 0 } = tracker ?? {};
  if (schemaVersion < SCHEMA_VERSION)
    context.note(`the database has schema ${schemaVersion}: run bd migrate before using it`);
  // No clone has the tables that Dolt ignores.
  if (cloned && schemaVersion === SCHEMA_VERSION) await makeTables(context, session);
  const isWhole = projectId !== undefined && !givesPrefix(wanted, prefix);
  if (schemaVersion !== SCHEMA_VERSION || isWhole) {
    return { isNew: false, projectId: projectId ?? wanted.projectId, prefix };
  }
  return { ...(await saveIdentity(context, session, wanted)), isNew: false };
}

/** Says for good which project this is, unless that is said already: another init may have been faster. */
async function saveIdentity(context: MachineContext, session: Session, wanted: Wanted): Promise<Project> {
  const author = await context.actor();
  const fresh = wanted.projectId ?? context.newId();
  return session.write({ message: "bd init", author }, async (tx) => {
    const [identity, config] = await tx.all([identityQuery, projectConfig]);
    checkPrefix(wanted.prefix, config.prefix, wanted.database);
    if (identity.projectId !== undefined) checkMeant(wanted, wanted.database);
    const prefix = givesPrefix(wanted, config.prefix) ? wanted.prefixOfNew : config.prefix;
    const writes = [
      ...(identity.projectId === undefined ? [insertProjectId(fresh)] : []),
      ...(prefix === config.prefix ? [] : [saveConfig("issue_prefix", prefix)]),
    ];
    if (writes.length > 0) await tx.all(writes);
    return { isNew: identity.projectId === undefined, projectId: identity.projectId ?? fresh, prefix };
  });
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
