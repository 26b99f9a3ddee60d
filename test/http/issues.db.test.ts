import { expect, test } from "vitest";
import { TOKEN, testServer } from "../support/http-server.ts";

test("an issue is made, read, changed, closed and opened again", async () => {
  const { ask } = await testServer({}, "rest");
  const made = await ask("POST", "/api/issues", { title: "Über <b>", priority: 1, labels: ["a"], metadata: { n: 1 } });
  expect(made).toMatchObject({ status: 201, body: { title: "Über <b>", priority: 1 } });
  const path = `/api/issues/${made.body.id}`;
  expect(made.headers.get("location")).toBe(path);

  const read = await ask("GET", path);
  expect(read).toMatchObject({ status: 200, body: { id: made.body.id, labels: ["a"], metadata: { n: 1 } } });

  const changed = await ask(
    "PATCH",
    path,
    { title: "New", priority: 0 },
    { "if-match": read.headers.get("etag") ?? "" },
  );
  expect(changed).toMatchObject({ status: 200, body: { title: "New", priority: 0 } });
  expect(changed.headers.get("etag")).not.toBe(read.headers.get("etag"));
  expect((await ask("GET", path)).headers.get("etag")).toBe(changed.headers.get("etag"));

  expect(await ask("POST", `${path}/close`, { reason: "done" })).toMatchObject({
    status: 200,
    body: { status: "closed" },
  });
  expect(await ask("POST", `${path}/reopen`, {})).toMatchObject({ status: 200, body: { status: "open" } });
});

test("of two who change the same version, one is refused and gets the newer one", async () => {
  const { ask } = await testServer({}, "race");
  const { body, headers } = await ask("POST", "/api/issues", { title: "One" });
  const etag = headers.get("etag") ?? "";
  const answers = await Promise.all(
    ["Left", "Right"].map((title) => ask("PATCH", `/api/issues/${body.id}`, { title }, { "if-match": etag })),
  );
  expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 412]));
  const [winner, loser] = answers.toSorted((a, b) => a.status - b.status);
  expect(loser?.body).toMatchObject({
    code: "ISSUE_CHANGED_SINCE",
    details: { current: { title: winner?.body.title } },
  });
  expect((await ask("GET", `/api/issues/${body.id}`)).body.title).toBe(winner?.body.title);
});

test("the version of a new issue is that of the same issue when it is read", async () => {
  const { ask } = await testServer({}, "tag");
  const made = await ask("POST", "/api/issues", {
    title: "One",
    labels: ["b", "a"],
    description: "d",
    due: "2030-01-01",
  });
  const read = await ask("GET", `/api/issues/${made.body.id}`);
  expect(made.headers.get("etag")).toBe(read.headers.get("etag"));
  const changed = await ask(
    "PATCH",
    `/api/issues/${made.body.id}`,
    { notes: "n" },
    { "if-match": made.headers.get("etag") ?? "" },
  );
  expect(changed.status).toBe(200);
  const closed = await ask("POST", `/api/issues/${made.body.id}/close`, {});
  expect(closed.headers.get("etag")).toBe((await ask("GET", `/api/issues/${made.body.id}`)).headers.get("etag"));
});

test("lists take the filters of bd list, and say how many there are", async () => {
  const { ask, workspace } = await testServer({}, "many");
  for (const [title, label, priority] of [
    ["A", "x", 0],
    ["B", "x", 2],
    ["C", "y", 3],
  ] as const) {
    await ask("POST", "/api/issues", { id: `many-${title.toLowerCase()}`, title, labels: [label], priority });
  }
  const titles = async (query: string) =>
    (await ask("GET", `/api/issues${query}`)).body.map(({ title }: { title: string }) => title);
  expect(await titles("")).toEqual(["A", "B", "C"]);
  expect(await titles("?labels=x")).toEqual(["A", "B"]);
  expect(await titles("?labels=x&priorities=2,3")).toEqual(["B"]);
  expect(await titles("?sort=title&reverse=true&limit=2")).toEqual(["C", "B"]);
  expect((await ask("GET", "/api/issues?limit=1")).headers.get("x-total-count")).toBe("3");
  const { stdout } = await workspace.bd(["list", "--json"]);
  expect((await ask("GET", "/api/issues")).body).toEqual(JSON.parse(stdout));
  expect(await ask("GET", "/api/issues?labesl=x")).toMatchObject({ status: 400, body: { code: "BAD_INPUT" } });
  expect(await ask("GET", "/api/issues?limit=many")).toMatchObject({
    status: 400,
    body: { error: "limit: expected a number" },
  });
  expect(await ask("POST", "/api/issues", { titel: "A" })).toMatchObject({
    status: 400,
    body: { error: 'nothing is called "titel" here', details: { field: "titel" } },
  });
});

test("comments, dependencies and labels are parts of an issue", async () => {
  const { ask } = await testServer({}, "part");
  const [one, two] = [
    await ask("POST", "/api/issues", { title: "One" }),
    await ask("POST", "/api/issues", { title: "Two" }),
  ];
  const path = `/api/issues/${one.body.id}`;
  expect(await ask("POST", `${path}/comments`, { text: "Hello" })).toMatchObject({
    status: 201,
    body: { text: "Hello" },
  });
  expect((await ask("GET", `${path}/comments`)).body).toMatchObject([{ text: "Hello" }]);
  expect(await ask("POST", `${path}/dependencies`, { depends_on: two.body.id })).toMatchObject({ status: 201 });
  expect((await ask("GET", `${path}/dependencies`)).body).toMatchObject([{ id: two.body.id }]);
  expect(await ask("DELETE", `${path}/dependencies/${two.body.id}`)).toMatchObject({
    status: 200,
    body: { status: "removed" },
  });
  expect(await ask("POST", `${path}/labels`, { label: "ui" })).toMatchObject({
    status: 200,
    body: { status: "added" },
  });
  expect((await ask("GET", `${path}/labels`)).body).toEqual(["ui"]);
  expect(await ask("DELETE", `${path}/labels/ui`)).toMatchObject({ status: 200, body: { status: "removed" } });
});

test("what can't be done says so in a status, a code and a hint", async () => {
  const { ask } = await testServer({}, "bad");
  expect(await ask("GET", "/api/issues/bad-none")).toMatchObject({ status: 404, body: { code: "ISSUE_NOT_FOUND" } });
  expect(await ask("POST", "/api/issues", {})).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("title") },
  });
  expect(await ask("POST", "/api/issues", { title: "x", colour: "red" })).toMatchObject({ status: 400 });
  expect(await ask("GET", "/api/nothing")).toMatchObject({ status: 404, body: { code: "NO_SUCH_ROUTE" } });
  const parent = await ask("POST", "/api/issues", { title: "Epic", type: "epic" });
  await ask("POST", "/api/issues", { title: "Child", parent: parent.body.id });
  expect(await ask("POST", `/api/issues/${parent.body.id}/close`, {})).toMatchObject({
    status: 409,
    body: { code: "OPEN_CHILDREN" },
  });
});

test("a server that only shows refuses every change", async () => {
  const { ask, workspace } = await testServer({ readonly: true }, "look");
  await workspace.bd(["create", "One", "--id", "look-1"]);
  expect((await ask("GET", "/api/issues/look-1")).status).toBe(200);
  expect(await ask("POST", "/api/issues", { title: "Two" })).toMatchObject({
    status: 403,
    body: { code: "READ_ONLY" },
  });
  expect(await ask("PATCH", "/api/issues/look-1", { title: "Two" })).toMatchObject({
    status: 403,
    body: { code: "READ_ONLY" },
  });
});

test("whoever names an actor and a session acts for them", async () => {
  const { ask, workspace } = await testServer({}, "who");
  const { body } = await ask("POST", "/api/issues", { title: "One" }, { "x-bd-actor": encodeURIComponent("Jürgen") });
  expect(body.created_by).toBe("Jürgen");
  await ask("PATCH", `/api/issues/${body.id}`, { claim: true }, { "x-bd-session": "s-1" });
  const { stdout } = await workspace.bd(["history", body.id, "--json"]);
  expect(stdout).toContain("s-1");
});

test("of many who count in one issue by its version, no count is lost, and who hangs up has counted once or not at all", async () => {
  const { ask, url } = await testServer({}, "count");
  const { body } = await ask("POST", "/api/issues", { title: "Counter", description: "0" });
  const path = `/api/issues/${body.id}`;
  const counted = { sure: 0, unsure: 0 };
  const countOnce = async (isPatient: boolean): Promise<void> => {
    for (;;) {
      const read = await ask("GET", path);
      const request = fetch(`${url}${path}`, {
        method: "PATCH",
        headers: {
          authorization: `Bearer ${TOKEN}`,
          "content-type": "application/json",
          "if-match": read.headers.get("etag") ?? "",
        },
        body: JSON.stringify({ description: String(Number(read.body.description) + 1) }),
        signal: isPatient ? null : AbortSignal.timeout(30),
      });
      const status = await request.then((answer) => answer.status).catch(() => 0);
      if (status === 200) counted.sure += 1;
      if (status === 0) counted.unsure += 1;
      if (status !== 412) return;
    }
  };
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let n = 0; n < 4; n += 1) await countOnce(writer > 0 || n % 2 === 0);
  });
  await Promise.all(writers);
  const now = Number((await ask("GET", path)).body.description);
  expect(now).toBeGreaterThanOrEqual(counted.sure);
  expect(now).toBeLessThanOrEqual(counted.sure + counted.unsure);
  expect(counted.sure).toBeGreaterThanOrEqual(14);
});
