import { beforeEach, describe, expect, test } from "vitest";
import { create, type GitProject, gitProject } from "../support/git-project.ts";

/** A line that somebody took out of a committed file. */
let project: GitProject;
let gone: string;

beforeEach(async () => {
  project = await gitProject();
  gone = await create(project, "Gone");
  for (const title of ["One", "Two", "Three", "Four", "Five"]) await create(project, title);
  await project.bd("sync");
  project.commit("all");
});

function takeOut(...ids: readonly string[]): void {
  const lines = project.text().split("\n");
  project.save(lines.filter((line) => !ids.some((id) => line.includes(`"id":"${id}"`))).join("\n"));
  project.commit("taken out");
}

test("deletes nothing, and comes back", async () => {
  takeOut(gone);
  expect(await project.bd("sync")).toMatchObject({ taken_in: { deleted: [] }, written: [gone] });
  expect(project.lines().get(gone)).toMatchObject({ title: "Gone" });
});

describe("with sync.implicit_deletes=win", () => {
  beforeEach(async () => {
    await project.bd("config", "set", "sync.implicit_deletes", "win");
  });

  test("deletes its issue, also one that was changed here, which the summary says", async () => {
    takeOut(gone);
    await project.bd("update", gone, "--title", "Changed");
    const { stdout, stderr } = await project.ws.bd(["sync"], { cwd: project.dir });
    expect(`${stdout}${stderr}`).toContain(`although it was changed here: bd restore ${gone}`);
    expect(await project.state()).not.toContain(gone);
    expect(project.lines().has(gone)).toBe(false);
    expect(await project.bd("sync")).toMatchObject({ taken_in: { deleted: [] }, written: [] });
  });

  test("deletes nothing where the file was not committed, is of another branch, or lost many", async () => {
    const before = await project.state();
    const [first, ...rest] = [...project.lines().keys()];
    const text = project.text();
    project.save(text.split("\n").slice(1).join("\n"));
    await project.bd("sync");
    expect(await project.state()).toBe(before);
    expect(project.lines().has(first ?? "")).toBe(true);
    takeOut(...rest);
    const { code } = await project.ws.bd(["sync"], { cwd: project.dir });
    expect([code, await project.state()]).toEqual([1, before]);
  });

  test("an issue that got another id there keeps its name", async () => {
    project.save(project.text().replaceAll(gone, "moved-1"));
    project.commit("renamed");
    expect(await project.bd("sync")).toMatchObject({ taken_in: { deleted: [] } });
    expect(await project.bd("show", "moved-1")).toMatchObject([{ title: "Gone" }]);
  });

  test("the merge driver of a clone is told so when it is set up", async () => {
    await project.ws.bd(["hooks", "install"], { cwd: project.dir });
    expect(project.git("config", "merge.bd.driver")).toContain("bd merge-driver --implicit-deletes %O %A %B %L %P");
  });
});
