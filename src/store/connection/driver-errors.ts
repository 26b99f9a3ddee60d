import { type Endpoint, endpointName } from "../../core/endpoint.ts";
import { BdError, command } from "../../errors.ts";
import { mergeUnfinished } from "../protocol/working-set.ts";
import { classifyDriverError } from "./classify-driver-error.ts";

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
    case "crowded":
      return new BdError(
        "unavailable",
        "TOO_MANY_CONNECTIONS",
        `the server at ${where} takes no more connections now`,
        {
          hint: command`bd ping`,
          cause: error,
        },
      );
    case "incomplete":
      return new BdError("internal", "PROGRAM_INCOMPLETE", `a part of this program is missing: ${firstLine(reason)}`, {
        hint: command`bd version`,
        cause: error,
      });
    case "not-mysql":
      return new BdError("config", "NOT_MYSQL", `what answers at ${where} does not speak the MySQL protocol`, {
        hint: command`bd dolt show`,
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
    case "unanswered":
      return new BdError("unavailable", "SERVER_SILENT", `the server at ${where} fell silent: ${reason}`, {
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
      return new BdError("internal", "SQL_ERROR", `the server answered: ${reason}`, { cause: error });
    // Words that nobody knows are the server's affair, whoever that is.
    case "other":
      return new BdError("unavailable", "SERVER_ERROR", `the server answered: ${reason}`, {
        hint: command`bd dolt status`,
        cause: error,
      });
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
