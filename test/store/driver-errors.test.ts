import { describe, expect, test } from "vitest";
import {
  classifyDriverError,
  fromDriverError,
  isConnectionError,
  isDriverError,
} from "../../src/store/driver-errors.ts";

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
    ["other", { errno: 1105, message: "something else" }],
  ])("%s: %o", ([kind, error]) => {
    expect(classifyDriverError(error)).toBe(kind);
  });
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
