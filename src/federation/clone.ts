import { command } from "../errors.ts";
import type { MigrationConnection } from "../store/migrate/migration-connection.ts";
import { decodeAll, NO_ANSWER, type Query, query } from "../store/query.ts";
import type { Reader, Session } from "../store/session-types.ts";
import { identifier, type SqlValue, sql } from "../store/sql.ts";
import { currentBranch, isEmptyBeginning } from "./compare.ts";
import { type Accepted, refuseCode } from "./incoming/check-incoming.ts";
import { codeOfClone } from "./incoming/incoming-code.ts";
import { chooseTransport, type TransportOptions } from "./remote/choose-transport.ts";
import { type RetryPolicy, reaching } from "./remote/reach.ts";
import { classifyRemoteError, describeRemoteError } from "./remote/remote-errors.ts";
import { addServerRemote } from "./remote/remotes.ts";

export interface CloneOptions extends Omit<TransportOptions, "session" | "branch"> {
  /** On any database of the server: the new one is not there yet. */
  readonly outside: Session;
  /** On the new database, once it is there. */
  readonly inside: Session;
  readonly database: string;
  readonly accepted: Accepted;
  /** The words of the command to try again. */
  readonly again: readonly string[];
  readonly retry: RetryPolicy;
}

/** `empty`: nothing was ever pushed there. `exists`: somebody made a database of that name in the meantime. */
export interface Cloned {
  readonly outcome: "cloned" | "empty" | "exists";
  /** Makes it as if this had not been. */
  readonly undo: () => Promise<void>;
}

const BRANCH = "main";
const NOTHING_DONE = async (): Promise<void> => {};

/**
 * Makes a database of the server from a remote, by the first way that can be gone: an empty one, which
 * fetches. Nothing of what it fetched is in force before it was looked at; then its branch moves to that very commit.
 * Throws BdError, rejected REMOTE_HAS_CODE among them.
 */
export async function cloneRemote(options: CloneOptions): Promise<Cloned> {
  const { outside, inside, database, remote } = options;
  const isOurs = await create(options);
  const drop = () => outside.call(dropDatabase(database));
  if (!isOurs && !(await inside.migrate(isUntouched))) return { outcome: "exists", undo: NOTHING_DONE };
  try {
    await addRemote(inside, remote.name, remote.url.dolt);
    const way = await chooseTransport({ ...options, session: inside, branch: BRANCH });
    const transport = { ...way, again: options.again };
    const hash = await reaching(transport, options.retry, () => transport.fetch());
    const landed = hash === undefined ? "empty" : await inside.migrate((connection) => land(connection, hash, options));
    if (landed === "exists" || landed === "empty") {
      if (isOurs && landed === "empty") await drop();
      return { outcome: landed, undo: NOTHING_DONE };
    }
    return {
      outcome: "cloned",
      undo: isOurs ? drop : () => inside.migrate(async (connection) => moveTo(connection, landed.before)),
    };
  } catch (error) {
    if (isOurs) await drop().catch(() => {});
    throw error;
  }
}

/** Whether it was made just now. */
async function create({ outside, database, remote }: CloneOptions): Promise<boolean> {
  try {
    await outside.call(query(sql`CREATE DATABASE ${identifier(database)}`, () => {}));
    return true;
  } catch (error) {
    if (classifyRemoteError(error) === "exists") return false;
    throw describeRemoteError(error, { name: remote.name, url: remote.url.text });
  }
}

function dropDatabase(database: string): Query<void> {
  return query(sql`DROP DATABASE ${identifier(database)}`, () => {});
}

/** Another init of the same project may have been faster. */
async function addRemote(inside: Session, name: string, url: string): Promise<void> {
  try {
    await inside.call(addServerRemote(name, url));
  } catch (error) {
    if (classifyRemoteError(error) !== "exists") throw error;
  }
}

/** Under the write lock: nobody comes between the look and the move. */
async function land(
  connection: MigrationConnection,
  hash: string,
  { accepted }: CloneOptions,
): Promise<"exists" | "empty" | { readonly before: string }> {
  if (!(await isUntouched(connection))) return "exists";
  const reader = readerOf(connection);
  // A tracker that followed it would look related to all others that do, and be none of them.
  if (await isEmptyBeginning(reader, hash)) return "empty";
  const [{ hash: before }] = await reader.all([currentBranch]);
  refuseCode(await codeOfClone(reader, before, hash), accepted, { hint: command`bd init --help` });
  await moveTo(connection, hash);
  return { before };
}

async function moveTo(connection: MigrationConnection, hash: string): Promise<void> {
  await connection.query("CALL DOLT_RESET('--hard', ?)", [hash]);
}

/** Whether nothing was ever done in the database. */
async function isUntouched(connection: MigrationConnection): Promise<boolean> {
  return isEmptyBeginning(readerOf(connection), "HEAD");
}

function readerOf(connection: MigrationConnection): Reader {
  return {
    async all(queries) {
      const results = [];
      for (const { text: statement, parameters } of queries.flatMap(({ statements }) => statements)) {
        const rows = await connection.query(statement, parameters.map(plainValue));
        results.push({ ...NO_ANSWER, rows });
      }
      return decodeAll(queries, results);
    },
  };
}

function plainValue(value: SqlValue): string | number | null {
  if (typeof value === "bigint") return String(value);
  return typeof value === "boolean" ? Number(value) : value;
}
