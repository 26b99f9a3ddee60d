import { mkdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { lastTouchedPath, moveLastTouched, readLastTouched, writeLastTouched } from "../../src/config/last-touched.ts";
import { workspaceIn } from "../../src/config/workspace/workspace.ts";
import { temporaryFolder, viewIn } from "./temporary-folder.ts";

const NOW = new Date("2026-11-30T12:00:00Z");
const NOBODY = { actor: undefined, session: undefined };

test("the last touched issue is kept with the person, and for this person only", () => {
  const root = temporaryFolder({ "project/.beads/last-touched": "x-evil\n", "home/": "" });
  const workspace = workspaceIn(join(root, "project/.beads"));
  const path = lastTouchedPath(viewIn(root, {}, join(root, "home")), workspace, NOBODY);

  expect(readLastTouched(path)).toBeUndefined();
  expect(writeLastTouched(path, "bd-a1", NOW)).toBe(true);
  expect(writeLastTouched(path, "bd-b2.1", NOW)).toBe(true);
  expect(readLastTouched(path)).toBe("bd-b2.1");
  expect(path.startsWith(join(root, "home/.local/state/beads/last-touched/"))).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
});

test("each workspace, actor and session has its own", () => {
  const state = temporaryFolder();
  const view = viewIn("/", { XDG_STATE_HOME: state });
  const here = workspaceIn("/a/.beads");
  const paths = [
    lastTouchedPath(view, here, NOBODY),
    lastTouchedPath(view, workspaceIn("/b/.beads"), NOBODY),
    lastTouchedPath(view, here, { actor: "ann", session: undefined }),
    lastTouchedPath(view, here, { actor: undefined, session: "ann" }),
    lastTouchedPath(view, here, { actor: "ann", session: "../../x" }),
  ];

  paths.forEach((path, index) => writeLastTouched(path, `x-${index}`, NOW));

  expect(paths.map(readLastTouched)).toEqual(["x-0", "x-1", "x-2", "x-3", "x-4"]);
  expect(new Set(paths.map((path) => dirname(dirname(path))))).toEqual(new Set([join(state, "beads/last-touched")]));
});

test("an issue that moved is remembered by its new id in all sessions of its workspace, and nowhere else", () => {
  const view = viewIn("/", { XDG_STATE_HOME: temporaryFolder() });
  const pathOf = (folder: string, session: string) =>
    lastTouchedPath(view, workspaceIn(folder), { actor: undefined, session });
  const paths = [
    ...["one", "other", "third"].map((session) => pathOf("/a/.beads", session)),
    pathOf("/b/.beads", "one"),
  ];
  paths.forEach((path, index) => writeLastTouched(path, index === 2 ? "x-2" : "x-1", NOW));

  moveLastTouched(
    pathOf("/a/.beads", "new"),
    new Map([
      ["x-1", "x-2"],
      ["x-2", "x-1"],
    ]),
    NOW,
  );
  moveLastTouched(pathOf("/never/.beads", "new"), new Map([["x-1", "x-2"]]), NOW);

  expect(paths.map(readLastTouched)).toEqual(["x-2", "x-2", "x-1", "x-1"]);
});

test("sessions of which nothing was heard for a month are forgotten", () => {
  const view = viewIn("/", { XDG_STATE_HOME: temporaryFolder() });
  const pathOf = (session: string) => lastTouchedPath(view, workspaceIn("/a/.beads"), { actor: undefined, session });
  for (const session of ["old", "recent"]) writeLastTouched(pathOf(session), "x-1", NOW);
  utimesSync(pathOf("old"), NOW, new Date("2026-10-30T11:00:00Z"));
  utimesSync(pathOf("recent"), NOW, new Date("2026-11-02T11:00:00Z"));

  writeLastTouched(pathOf("new"), "x-2", NOW);

  expect(["old", "recent", "new"].map((session) => readLastTouched(pathOf(session)))).toEqual([
    undefined,
    "x-1",
    "x-2",
  ]);
});

test("an id with a line break in it is not remembered: its first line could be another issue", () => {
  const view = viewIn("/", { XDG_STATE_HOME: temporaryFolder() });
  const path = lastTouchedPath(view, workspaceIn("/a/.beads"), NOBODY);

  expect(writeLastTouched(path, "x-1\nx-2", NOW)).toBe(false);
  expect(readLastTouched(path)).toBeUndefined();
});

test("is nobody's problem where it can't be written or read", () => {
  const state = temporaryFolder({ beads: "a file" });
  const path = lastTouchedPath(viewIn("/", { XDG_STATE_HOME: state }), workspaceIn("/a/.beads"), NOBODY);

  expect(writeLastTouched(path, "bd-a1", NOW)).toBe(false);
  expect(readLastTouched(path)).toBeUndefined();
  rmSync(join(state, "beads"));
  mkdirSync(path, { recursive: true });
  expect(writeLastTouched(path, "bd-a1", NOW)).toBe(false);
  expect(readLastTouched(path)).toBeUndefined();
});
