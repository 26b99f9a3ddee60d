import { type Endpoint, endpointName } from "../core/endpoint.ts";
import { BdError, command } from "../errors.ts";
import { mergeUnfinished } from "./working-set.ts";

/**
 * What a driver error means for us. This file alone knows errno numbers and texts of mysql2 and Dolt; nearly every
 * Dolt error is 1105, so numbers come first and then lower-case substrings.
 */
export type DriverErrorClass =
  | "serialization" // lost the race and rolled back: run the body again
  | "refused" // nobody listens (yet)
  | "unconnectable" // the address can't be used, however often it is tried
  | "no-tls" // one side insists on TLS and the other can't, or its certificate is not trusted
  | "silent" // something took the connection and never greeted
  | "lost" // the connection is gone; whether the last statement ran is unknown
  | "constraint-after-merge" // Dolt merged concurrent commits into a violation: once more
  | "merge-unfinished" // somebody's merge left rows in conflict
  | "unrelated-histories" // two commits have no common ancestor
  | "access-denied"
  | "no-permission"
  | "unknown-database"
  | "unknown-table"
  | "unknown-column"
  | "read-only"
  | "duplicate-key"
  | "too-long"
  | "bad-regex"
  | "other";

const BY_NUMBER: Readonly<Record<number, DriverErrorClass>> = {
  1213: "serialization",
  1205: "serialization",
  1045: "access-denied",
  1044: "no-permission",
  1142: "no-permission",
  1049: "unknown-database",
  1146: "unknown-table",
  1054: "unknown-column",
  1290: "read-only",
  1792: "read-only",
  1836: "read-only",
  1062: "duplicate-key",
  1406: "too-long",
  1053: "lost",
  1317: "lost",
};

const BY_CODE: Readonly<Record<string, DriverErrorClass>> = {
  ECONNREFUSED: "refused",
  ENOENT: "refused",
  ETIMEDOUT: "silent",
  EAI_AGAIN: "refused",
  ENOTFOUND: "unconnectable",
  EACCES: "unconnectable",
  EPERM: "unconnectable",
  ENOTSOCK: "unconnectable",
  HANDSHAKE_NO_SSL_SUPPORT: "no-tls",
  HANDSHAKE_SSL_ERROR: "no-tls",
  ECONNRESET: "lost",
  EPIPE: "lost",
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  PROTOCOL_CONNECTION_LOST: "lost",
  PROTOCOL_SEQUENCE_TIMEOUT: "lost",
};

const BY_TEXT: readonly (readonly [string, DriverErrorClass])[] = [
  ["closed state", "lost"],
  ["context canceled", "lost"],
  ["optimistic lock failed", "serialization"],
  ["serialization failure", "serialization"],
  ["resulted in a working set with constraint violations", "constraint-after-merge"],
  [" are in conflict", "merge-unfinished"],
  ["no common ancestor", "unrelated-histories"],
  ["command denied", "no-permission"],
  ["' to database '", "no-permission"], // "Access denied for user … to database …", after a login that went well
  ["access denied", "access-denied"],
  ["database not found", "unknown-database"],
  ["table not found", "unknown-table"],
  ["could not be found in any table in scope", "unknown-column"],
  ["database is read only", "read-only"],
  ["is read-only", "read-only"],
  ["read only mode", "read-only"],
  ["is too large for column", "too-long"],
  ["regular expression is invalid", "bad-regex"],
];

interface DriverError {
  readonly errno?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

export function classifyDriverError(error: unknown): DriverErrorClass {
  if (typeof error !== "object" || error === null) return "other";
  const { errno, code, message }: DriverError = error;
  if (typeof code === "string" && BY_CODE[code]) return BY_CODE[code];
  if (typeof errno === "number" && BY_NUMBER[errno]) return BY_NUMBER[errno];
  const text = typeof message === "string" ? message.toLowerCase() : "";
  return BY_TEXT.find(([part]) => text.includes(part))?.[1] ?? "other";
}

/** Whether the server itself sent the error: those carry a positive number. */
export function hasServerErrno(error: unknown): boolean {
  const { errno }: DriverError = typeof error === "object" && error !== null ? error : {};
  return typeof errno === "number" && errno > 0;
}

/** Whether the driver or the server is to blame; anything else that was thrown is a bug of ours. */
export function isDriverError(error: unknown): boolean {
  return (
    classifyDriverError(error) !== "other" || hasServerErrno(error) || (error instanceof Error && "fatal" in error)
  );
}

/** What can be had again by connecting anew. */
export function isConnectionError(error: unknown): boolean {
  return isConnectionClass(classifyDriverError(error));
}

export function isConnectionClass(kind: DriverErrorClass): boolean {
  return kind === "lost" || kind === "refused" || kind === "silent";
}

/** Turns what the driver threw into an error for people; a BdError passes unchanged. */
export function fromDriverError(error: unknown, endpoint: Endpoint, database: string | undefined): BdError {
  if (error instanceof BdError) return error;
  const where = endpointName(endpoint);
  const reason = error instanceof Error ? error.message : String(error);
  switch (classifyDriverError(error)) {
    case "refused":
      return new BdError("unavailable", "SERVER_UNREACHABLE", `no Dolt server answers at ${where}`, {
        hint: command`bd server start`,
        cause: error,
      });
    case "unconnectable":
      return new BdError("unavailable", "CONNECT_FAILED", `can't connect to ${where}: ${reason}`, {
        hint: command`bd dolt show`,
        cause: error,
      });
    case "no-tls":
      return new BdError("config", "TLS_FAILED", `no TLS with the server at ${where}: ${reason}`, {
        hint: command`bd config explain dolt.tls`,
        cause: error,
      });
    case "silent":
      return new BdError("unavailable", "SERVER_SILENT", `no MySQL greeting came from ${where} in time`, {
        hint: command`bd server status`,
        cause: error,
      });
    case "lost":
      return new BdError("unavailable", "CONNECTION_LOST", `the connection to the server at ${where} was lost`, {
        hint: command`bd ping`,
        cause: error,
      });
    case "serialization":
      return new BdError("unavailable", "TOO_BUSY", "other writers kept winning the race; nothing was written", {
        cause: error,
      });
    case "access-denied":
      return new BdError(
        "config",
        "ACCESS_DENIED",
        endpoint.password === undefined
          ? `the server at ${where} refuses user '${endpoint.user}' without a password`
          : `the server at ${where} refuses user '${endpoint.user}' with the password that is set`,
        { hint: command`bd config explain dolt.password`, cause: error },
      );
    case "no-permission":
      return new BdError(
        "config",
        "NO_PERMISSION",
        database === undefined
          ? `the server at ${where} does not let user '${endpoint.user}' do this; an admin can grant it`
          : `the server at ${where} does not let user '${endpoint.user}' do this in database '${database}'; an admin can grant it`,
        { hint: command`bd config explain dolt.user`, details: { user: endpoint.user, database }, cause: error },
      );
    case "unknown-database":
      return new BdError("config", "NO_DATABASE", `the server at ${where} has no database '${database ?? ""}'`, {
        hint: command`bd init --database=${database ?? ""}`,
        cause: error,
      });
    case "unknown-table":
    case "unknown-column":
      return new BdError("schema", "SCHEMA_INCOMPLETE", `database '${database ?? ""}': ${reason}`, {
        hint: command`bd migrate --dry-run`,
        cause: error,
      });
    case "read-only":
      return new BdError(
        "unavailable",
        "SERVER_READ_ONLY",
        `the server at ${where} is read-only; nothing was written`,
        {
          hint: command`bd dolt status`,
          cause: error,
        },
      );
    case "too-long":
      // The server repeats the whole value.
      return new BdError(
        "usage",
        "TEXT_TOO_LONG",
        `a value is too long for column ${/column '(\w+)'/.exec(reason)?.[1] ?? "(unknown)"}`,
        { cause: error },
      );
    case "bad-regex":
      return new BdError("usage", "INVALID_REGEX", "the server can't read the regular expression", { cause: error });
    case "merge-unfinished":
      return mergeUnfinished(/table\(s\) (.+) are in conflict/.exec(reason)?.[1]?.split(", ") ?? []);
    case "unrelated-histories":
      return new BdError(
        "conflict",
        "OTHER_HISTORY",
        `database '${database ?? ""}' and the remote were created apart and have no commit in common; nothing was merged`,
        { hint: command`bd export -o issues.jsonl`, cause: error },
      );
    case "constraint-after-merge":
    case "duplicate-key":
    case "other":
      return new BdError("internal", "SQL_ERROR", `the server answered: ${reason}`, { cause: error });
  }
}
