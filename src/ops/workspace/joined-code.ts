import { command } from "../../errors.ts";
import { acceptedCode, refuseCode } from "../../federation/incoming/check-incoming.ts";
import { fromDatabase } from "../../federation/incoming/code-source.ts";
import { codeOfDatabase } from "../../federation/incoming/incoming-code.ts";
import { describeError } from "../../store/connection/describe-error.ts";
import { SCHEMA_VERSION } from "../../store/database-identity.ts";
import { decodeAll, NO_ANSWER, type StatementResult } from "../../store/query.ts";
import type { DatabaseFacts } from "../../store/server-facts.ts";
import type { Reader, Session, SessionOptions } from "../../store/session-types.ts";

interface Joined extends Pick<SessionOptions, "endpoint" | "startHint"> {
  readonly database: DatabaseFacts;
  /** What is let in, by kind and name. */
  readonly accept: readonly string[] | undefined;
}

/**
 * Looks for what a database on the server holds beside rows, before anything of ours is written there: its triggers would
 * run. A project of a newer schema is only read here, and what of it is foreign nobody here can tell.
 * Throws BdError rejected DATABASE_HAS_CODE, usage BAD_INPUT.
 */
export async function refuseJoinedCode(session: Session, joined: Joined): Promise<void> {
  const { name, tracker } = joined.database;
  if ((tracker?.schemaVersion ?? 0) > SCHEMA_VERSION) return;
  const source = fromDatabase(name);
  const accepted = acceptedCode(joined.accept);
  try {
    refuseCode(await codeOfDatabase(readerOf(session), source), accepted, { source, hint: command`bd init --help` });
  } catch (error) {
    throw describeError(error, { ...joined, database: name });
  }
}

/** Of a database of any schema: what a session reads otherwise must be one that this program knows. */
function readerOf(session: Session): Reader {
  return {
    async all(queries) {
      const results: StatementResult[] = [];
      for (const statement of queries.flatMap(({ statements }) => statements)) {
        results.push(await session.call({ statements: [statement], decode: ([result = NO_ANSWER]) => result }));
      }
      return decodeAll(queries, results);
    },
  };
}
