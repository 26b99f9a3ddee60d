import { expect, it } from "vitest";
import { serverPaths } from "../../src/server/server-paths.ts";

it("keeps all of our server in one folder of the home directory", () => {
  expect(serverPaths({ env: {}, home: "/home/ada" })).toEqual({
    dataDir: "/home/ada/.beads/dolt",
    pidFile: "/home/ada/.beads/dolt/bd-server.pid",
    logFile: "/home/ada/.beads/dolt/bd-server.log",
    doltInfoFile: "/home/ada/.beads/dolt/.dolt/sql-server.info",
  });
});

it("takes BEADS_DOLT_DATA_DIR instead", () => {
  expect(serverPaths({ env: { BEADS_DOLT_DATA_DIR: "/srv/../srv/dolt/" }, home: "/home/ada" }).dataDir).toBe(
    "/srv/dolt",
  );
});

it("refuses a data folder that depends on the current folder", () => {
  expect(() => serverPaths({ env: { BEADS_DOLT_DATA_DIR: "data" }, home: "/home/ada" })).toThrow(
    expect.objectContaining({ kind: "config", code: "DATA_DIR_NOT_ABSOLUTE" }),
  );
});
