import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseRemoteUrl } from "../../../src/core/remote-url.ts";
import { chooseTransport } from "../../../src/federation/remote/choose-transport.ts";
import { relayPlace } from "../../../src/federation/remote/relay-folder.ts";
import { readRemoteCredentials } from "../../../src/federation/remote/remote-credentials.ts";
import type { Session } from "../../../src/store/session-types.ts";
import { doltBinary } from "../../support/dolt-binary.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { endpointAt, makeStoreDatabase, REAL_TIME, type StoreDatabase } from "../../support/store-database.ts";

let database: StoreDatabase;
let folder: string;

beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
  folder = mkdtempSync(join(tmpdir(), "bd-ladder-"));
});

afterAll(async () => {
  await database.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A server that has another file system: what we call `<folder>/ours` is `<folder>/theirs` to it. */
function elsewhere(session: Session): Session {
  return {
    ...session,
    call: (query) =>
      session.call({
        ...query,
        statements: query.statements.map(({ text, parameters }) => ({
          text,
          parameters: parameters.map((value) =>
            typeof value === "string" ? value.replace("/ours/", "/theirs/") : value,
          ),
        })),
      }),
  };
}

async function choose(session: Session, url: string) {
  const details: string[] = [];
  const transport = await chooseTransport({
    session,
    endpoint: endpointAt(database.port),
    remote: { name: "origin", url: parseRemoteUrl(url) },
    branch: "main",
    credentials: readRemoteCredentials({ env: { DOLT_REMOTE_USER: "ann" }, remotePassword: "pw" }),
    relay: {
      place: relayPlace(join(folder, "ours"), "here", database.name),
      findDolt: async () => doltBinary(),
      env: {},
    },
    timing: REAL_TIME,
    signal: new AbortController().signal,
    note: (line) => details.push(line),
    detail: (line) => details.push(line),
  });
  return { transport, details };
}

test("a server that does not see the relay's folder is passed over, and keeps no trace of it", async () => {
  const { transport, details } = await choose(elsewhere(database.open()), "http://127.0.0.1:1/db");
  expect(transport).toMatchObject({ carrier: "server-password", user: "ann" });
  expect(details[0]).toMatch(/^nothing that the server writes arrives in .*ours/);
  expect(details[1]).toMatch(/^the relay is passed over: the server does not see the folder .*ours/);
  expect(details[2]).toBe("the server transfers, as user 'ann' with the password of its own environment");
  expect(await database.rows("SELECT name FROM dolt_remotes")).toEqual([]);
});

test("the person's own credentials come before the server's", async () => {
  const { transport } = await choose(database.open(), "http://127.0.0.1:1/db");
  expect(transport).toMatchObject({ carrier: "relay", user: "ann", trackingRef: "origin/main" });
});

test.each([
  ["file:///srv/app", "no password"],
  ["git+ssh://git@host/app.git", "credentials that the server's account has"],
  ["dolthub://team/app", "the login at DoltHub of the server's account"],
])("%s asks for %s, so the server goes", async (url, wants) => {
  const { transport, details } = await choose(database.open(), url);
  expect(transport).toMatchObject({ carrier: "server", user: undefined });
  expect(details).toEqual([`${url} asks for ${wants}: the server transfers`]);
});
