import { join } from "node:path";
import { commitAuthor } from "../../core/actor.ts";
import { identityQuery, SCHEMA_VERSION } from "../../store/database-identity.ts";
import { applyMigrations } from "../../store/migrate/apply-migrations.ts";
import { readMigrations } from "../../store/migrate/read-migrations.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { insertProjectId, saveConfig } from "../../store/queries/write-settings.ts";
import type { TrackerFacts } from "../../store/server-facts.ts";
import type { Session } from "../../store/session-types.ts";
import type { MachineContext } from "../context.ts";
import { checkMeant, checkPrefix, givesPrefix, type Wanted } from "./plan-init.ts";

export interface Project {
  readonly isNew: boolean;
  readonly projectId: string;
  readonly prefix: string;
}

export async function makeProject(context: MachineContext, session: Session, wanted: Wanted): Promise<Project> {
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
export async function joinProject(
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
    // The workspace has an id from now on; the database is given it by the next init that may write there.
    return { isNew: false, projectId: projectId ?? wanted.projectId ?? context.newId(), prefix };
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
      ...(prefix === config.prefix ? [] : [saveConfig(["issue_prefix", prefix])]),
    ];
    if (writes.length > 0) await tx.all(writes);
    return { isNew: identity.projectId === undefined, projectId: identity.projectId ?? fresh, prefix };
  });
}
