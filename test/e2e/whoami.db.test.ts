import { expect, test } from "vitest";
import { testWorkspace } from "../support/workspace.ts";

test("whoami says who acts, for which session, and who says so", async () => {
  const own = await testWorkspace();

  expect(await own.json(["whoami"])).toEqual({
    actor: "tester",
    actor_source: "BEADS_ACTOR",
    email: "tester@example.test",
    email_source: "GIT_AUTHOR_EMAIL",
    schema_version: 1,
  });
  expect((await own.bd(["whoami", "--actor", "ann"], { env: { BD_SESSION: "s1" } })).stdout).toBe(
    "ann (--actor)\n  email: tester@example.test (GIT_AUTHOR_EMAIL)\n  session: s1 (BD_SESSION)\n",
  );
  const bare = {
    BEADS_ACTOR: "",
    GIT_AUTHOR_EMAIL: "",
    USER: "login",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
  };
  expect((await own.bd(["whoami"], { env: bare })).stdout).toBe("login (USER)\n  email: none\n  session: none\n");
});

test("whoami needs no server", async () => {
  const own = await testWorkspace();
  expect(await own.bd(["whoami"], { env: { BEADS_DOLT_SERVER_PORT: "1" } })).toMatchObject({ code: 0 });
});
