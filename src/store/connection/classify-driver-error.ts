/**
 * What a driver error means for us. This file alone knows errno numbers and texts of mysql2 and Dolt; nearly every
 * Dolt error is 1105, so numbers come first, and then the texts as they begin: what follows may quote anybody's words.
 */
export type DriverErrorClass =
  | "serialization" // lost the race and rolled back: run the body again
  | "refused" // nobody listens (yet)
  | "crowded" // the server has as many connections as it takes, for now
  | "unconnectable" // the address can't be used, or this machine can't connect; trying again is no use
  | "incomplete" // a file of this program is missing
  | "not-mysql" // something else than a MySQL server answers
  | "no-tls" // one side insists on TLS and the other can't, or its certificate is not trusted
  | "silent" // something took the connection and never greeted
  | "unanswered" // the server fell silent; whether the last statement ran is unknown
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
  1040: "crowded",
  1203: "crowded",
  1226: "crowded",
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
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  ENOTFOUND: "unconnectable",
  EACCES: "unconnectable",
  EPERM: "unconnectable",
  ENOTSOCK: "unconnectable",
  EMFILE: "unconnectable",
  ENFILE: "unconnectable",
  ENOBUFS: "unconnectable",
  ENOMEM: "unconnectable",
  EADDRNOTAVAIL: "unconnectable",
  EAFNOSUPPORT: "unconnectable",
  EINVAL: "unconnectable",
  MODULE_NOT_FOUND: "incomplete",
  ERR_MODULE_NOT_FOUND: "incomplete",
  NOT_MYSQL: "not-mysql",
  HANDSHAKE_NO_SSL_SUPPORT: "no-tls",
  HANDSHAKE_SSL_ERROR: "no-tls",
  UNANSWERED: "unanswered",
  ECONNRESET: "lost",
  EPIPE: "lost",
  PROTOCOL_CONNECTION_LOST: "lost",
  PROTOCOL_SEQUENCE_TIMEOUT: "lost",
};

/** Each pattern begins where the text does, but for the word that Dolt sometimes puts before it. */
const BY_TEXT: readonly (readonly [RegExp, DriverErrorClass])[] = [
  [/^can't add new command when connection is in closed state/i, "lost"],
  [/^context canceled$/i, "lost"],
  [/^this connection was established when this server performed an online garbage collection/i, "lost"],
  [/^optimistic lock failed on database root update/i, "serialization"],
  [/^serialization failure: /i, "serialization"],
  [/^dataset head is not ancestor of commit/i, "serialization"],
  [/^committing this transaction resulted in a working set with constraint violations/i, "constraint-after-merge"],
  [/^the table\(s\) [\w, -]+ are in conflict/i, "merge-unfinished"],
  [/^no common ancestor/i, "unrelated-histories"],
  [/^command denied to user '/i, "no-permission"],
  [/^access denied for user '[^']*'(?:@'[^']*')? to database '/i, "no-permission"], // after a login that went well
  [/^access denied for user '/i, "access-denied"],
  [/^database not found: /i, "unknown-database"],
  [/^table not found: /i, "unknown-table"],
  [/^column "[^"]*" could not be found in any table in scope/i, "unknown-column"],
  [/^database server is set to read only mode/i, "read-only"],
  [/^database \S+ is read-only/i, "read-only"],
  [/^cannot update manifest: database is read only/i, "read-only"],
  [/^string '[^]*' is too large for column '\w+'$/i, "too-long"],
  [/^the given regular expression is invalid/i, "bad-regex"],
];

interface DriverError {
  readonly errno?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

export function classifyDriverError(error: unknown): DriverErrorClass {
  if (typeof error !== "object" || error === null) return "other";
  const { errno, code, message }: DriverError = error;
  if (typeof code === "string" && Object.hasOwn(BY_CODE, code)) return BY_CODE[code] ?? "other";
  if (typeof errno === "number" && Object.hasOwn(BY_NUMBER, errno)) return BY_NUMBER[errno] ?? "other";
  const text = typeof message === "string" ? message.replace(/^(?:error: )+/i, "") : "";
  const known = BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
  // What else the operating system says about a socket.
  return known ?? ("syscall" in error ? "unconnectable" : "other");
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

const CONNECTION_CLASSES: ReadonlySet<DriverErrorClass> = new Set([
  "lost",
  "refused",
  "silent",
  "unanswered",
  "crowded",
]);

export function isConnectionClass(kind: DriverErrorClass): boolean {
  return CONNECTION_CLASSES.has(kind);
}
