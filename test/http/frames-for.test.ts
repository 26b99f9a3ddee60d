import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { UTC } from "../../src/core/time/time-zone.ts";
import { framesFor } from "../../src/http/answer.ts";
import { testApp } from "../support/test-app.ts";

const caller = {
  env: {},
  cwd: "/",
  home: "/",
  zone: UTC,
  readonly: false,
  directory: undefined,
  database: undefined,
  actor: undefined,
  session: undefined,
};

test("when a request is over, nothing of it hangs on the signals that live as long as the server", async () => {
  const server = new AbortController();
  const app = testApp();
  for (const operation of ["version", "issue.list"]) {
    const frames = framesFor({ app }, { operation, input: {} }, { caller, signals: [server.signal] });
    const end = async () => {
      while ((await frames.next()).done !== true);
    };
    await end().catch(() => {});
    expect(getEventListeners(server.signal, "abort"), operation).toEqual([]);
  }
  app.close();
});
