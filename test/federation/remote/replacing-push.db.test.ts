import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseRemoteUrl } from "../../../src/core/remote-url.ts";
import { currentBranch } from "../../../src/federation/compare.ts";
import { chooseTransport } from "../../../src/federation/remote/choose-transport.ts";
import { relayPlace } from "../../../src/federation/remote/relay-folder.ts";
import { readRemoteCredentials } from "../../../src/federation/remote/remote-credentials.ts";
import { classifyRemoteError } from "../../../src/federation/remote/remote-errors.ts";
import { registerRemote } from "../../../src/federation/remote/remotes.ts";
import { doltBinary } from "../../support/dolt-binary.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { type RemoteServer, startRemoteServer } from "../../support/remote-server.ts";
import { endpointAt, makeStoreDatabase, REAL_TIME, type StoreDatabase } from "../../support/store-database.ts";

let database: StoreDatabase;
let server: RemoteServer;
let folder: string;

beforeAll(async () => {
  [database, server] = await Promise.all([makeStoreDatabase(doltPort()), startRemoteServer()]);
  folder = mkdtempSync(join(tmpdir(), "bd-replacing-"));
});

afterAll(async () => {
  await database.remove();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const SOMETHING_ELSE = "0".repeat(32);

test.each(["server", "relay"] as const)(
  "by the %s, a push replaces the commit that was seen there, and no other",
  async (carrier) => {
    const session = database.open();
    const theirs = await server.create(carrier);
    const url = parseRemoteUrl(carrier === "relay" ? theirs : `file://${join(folder, "remote")}`);
    const remote = { name: carrier, url };
    await registerRemote(session, remote);
    const transport = await chooseTransport({
      session,
      endpoint: endpointAt(database.port),
      remote,
      branch: "main",
      credentials: readRemoteCredentials({ env: { DOLT_REMOTE_USER: server.user }, remotePassword: server.password }),
      relay: {
        place: relayPlace(join(folder, "relay"), "here", database.name),
        findDolt: async () => doltBinary(),
        env: {},
      },
      timing: REAL_TIME,
      signal: new AbortController().signal,
      note: () => {},
      detail: () => {},
    });
    expect(transport.carrier).toBe(carrier);
    const { hash: commit } = await session.call(currentBranch);
    if (carrier === "server") {
      const [beginning] = await database.rows("SELECT commit_hash FROM dolt_log ORDER BY commit_order LIMIT 1");
      await database.rows(`CALL DOLT_BRANCH('-f', 'beginning', '${String(beginning?.["commit_hash"])}')`);
      await database.rows("CALL DOLT_PUSH('server', 'beginning:main')");
    }
    const before = await transport.fetch();
    expect(before).not.toBe(commit);
    const refused = await transport.push({ commit, replaces: SOMETHING_ELSE }).then(String, classifyRemoteError);
    expect(refused).toBe("rejected");
    expect(await transport.fetch()).toBe(before);
    expect(await transport.push({ commit, replaces: before })).toBe(commit);
  },
);
