import { describe, expect, test } from "vitest";
import {
  classifyDriverError,
  isConnectionError,
  isDriverError,
} from "../../../src/store/connection/classify-driver-error.ts";
import { fromDriverError } from "../../../src/store/connection/driver-errors.ts";

const ENDPOINT = { host: "db.example", port: 3307, user: "root", password: "hunter2", tls: false };

describe("an error of the driver means", () => {
  test.for<[string, object]>([
    ["serialization", { errno: 1213, message: "serialization failure: this transaction conflicts" }],
    ["serialization", { errno: 1105, message: "Error: optimistic lock failed on database Root update" }],
    ["refused", { errno: -111, code: "ECONNREFUSED" }],
    ["refused", { code: "EAI_AGAIN" }],
    ["refused", { code: "ENOENT", message: "connect ENOENT /run/dolt.sock" }],
    ["unconnectable", { code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND db.example" }],
    ["silent", { code: "ETIMEDOUT" }],
    ["lost", { code: "PROTOCOL_CONNECTION_LOST", fatal: true }],
    ["lost", { message: "Can't add new command when connection is in closed state", fatal: true }],
    ["lost", { errno: 1105, code: "ER_UNKNOWN_ERROR", message: "context canceled" }],
    ["lost", { errno: 1053, message: "Server shutdown in progress" }],
    [
      "constraint-after-merge",
      { errno: 1105, message: "Committing this transaction resulted in a working set with constraint violations" },
    ],
    ["merge-unfinished", { errno: 1105, message: "error: the table(s) config, issues are in conflict" }],
    ["unrelated-histories", { errno: 1105, message: "no common ancestor" }],
    ["unknown-column", { errno: 1105, message: 'column "x" could not be found in any table in scope' }],
    ["no-permission", { errno: 1105, message: "command denied to user 'app'@'%'" }],
    ["no-permission", { errno: 1105, message: "Access denied for user 'app'@'%' to database 'beads_x'" }],
    ["no-tls", { code: "HANDSHAKE_NO_SSL_SUPPORT" }],
    ["no-permission", { errno: 1105, message: "Access denied for user 'app' to database 'beads_x'" }],
    ["read-only", { errno: 1105, message: "database server is set to read only mode" }],
    ["read-only", { errno: 1105, message: "Database t/v1 is read-only." }],
    ["too-long", { errno: 1105, message: "string 'it''s\nlong' is too large for column 'title'" }],
    ["crowded", { errno: 1040, message: "Too many connections" }],
    ["crowded", { errno: 1203, message: "User app already has more than 'max_user_connections' active connections" }],
    ["unconnectable", { errno: -24, code: "EMFILE", syscall: "connect", message: "connect EMFILE 10.0.0.1:3306" }],
    ["unconnectable", { code: "EADDRNOTAVAIL", syscall: "connect" }],
    ["unconnectable", { code: "ENOTCONN", syscall: "connect", message: "connect ENOTCONN" }],
    ["incomplete", { code: "MODULE_NOT_FOUND", message: "Cannot find module './mysql2.cjs'\nRequire stack: …" }],
    ["unanswered", { code: "UNANSWERED" }],
    ["other", { errno: 1105, message: "something else" }],
  ])("%s: %o", ([kind, error]) => {
    expect(classifyDriverError(error)).toBe(kind);
  });
});

/** Texts that mean something where a server's message begins, and nothing where it quotes what people wrote. */
test.each([
  "serialization failure: this transaction conflicts",
  "optimistic lock failed on database Root update",
  "context canceled",
  "closed state",
  "the table(s) issues are in conflict",
  "command denied to user 'app'@'%'",
  "Access denied for user 'app'",
  "database not found: x",
  "table not found: x",
  "database server is set to read only mode",
  "no common ancestor",
  "Committing this transaction resulted in a working set with constraint violations",
])("a message that quotes %o is not taken for it", (quoted) => {
  for (const message of [
    `duplicate unique key given: [${quoted}]`,
    `error: '${quoted}' is not a valid value for 'int'`,
    `syntax error at position 9 near '${quoted}'`,
    `Check constraint "${quoted}" violated`,
  ])
    expect(classifyDriverError({ errno: 1105, message })).toBe("other");
  expect(classifyDriverError({ errno: 1105, message: `string '${quoted}' is too large for column 'title'` })).toBe(
    "too-long",
  );
});

test.each([
  ["crowded", { errno: 1040 }, { kind: "unavailable", code: "TOO_MANY_CONNECTIONS" }],
  [
    "this machine's own limits",
    Object.assign(new Error("connect EMFILE db.example:3307"), { code: "EMFILE" }),
    { kind: "unavailable", code: "CONNECT_FAILED", message: expect.stringContaining("connect EMFILE") },
  ],
  [
    "a missing file",
    Object.assign(new Error("Cannot find module './mysql2.cjs'\nRequire stack: …"), { code: "MODULE_NOT_FOUND" }),
    {
      kind: "internal",
      code: "PROGRAM_INCOMPLETE",
      message: expect.stringMatching(/: Cannot find module '.\/mysql2.cjs'$/),
    },
  ],
])("%s is named as what it is, not as a server that is not there", (_what, error, expected) => {
  expect(fromDriverError(error, ENDPOINT, "beads_x")).toMatchObject(expected);
});

test("only a connection that is gone can be had again", () => {
  expect(isConnectionError({ code: "ECONNRESET" })).toBe(true);
  expect(isConnectionError({ code: "ENOTFOUND" })).toBe(false);
  expect(isConnectionError({ errno: 1213 })).toBe(false);
});

test("an error that neither driver nor server made is a bug of ours", () => {
  expect(isDriverError(new TypeError("x is not a function"))).toBe(false);
  expect(isDriverError(undefined)).toBe(false);
  expect(isDriverError(Object.assign(new Error("malformed packet"), { fatal: true }))).toBe(true);
});

test("no error tells the password", () => {
  const refused = fromDriverError({ errno: 1045, message: "Access denied for user 'root'" }, ENDPOINT, "beads_x");

  expect(refused).toMatchObject({ kind: "config", code: "ACCESS_DENIED" });
  expect(JSON.stringify([refused.message, refused.hint, refused.details])).not.toContain("hunter2");
});
