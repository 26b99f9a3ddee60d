import { describe, expect, test } from "vitest";
import { needsGitIdentity, readGitIdentity, resolveActor } from "../../src/config/identity.ts";
import { temporaryFolder, viewIn } from "./temporary-folder.ts";

const PATH = process.env["PATH"];

describe("resolveActor", () => {
  test("asks the configured name, git, the login name, in this order", () => {
    const view = viewIn("/", { USER: "login" });
    const gitIdentity = { name: "Git Name", email: "git@example.test" };

    expect(resolveActor({ configured: "ann", view, gitIdentity }).name).toBe("ann");
    expect(resolveActor({ configured: undefined, view, gitIdentity }).name).toBe("Git Name");
    expect(resolveActor({ configured: " ", view }).name).toBe("login");
    expect(resolveActor({ configured: undefined, view: viewIn("/") })).toEqual({ name: "unknown", email: "" });
  });

  test("prefers GIT_AUTHOR_EMAIL to git's address", () => {
    const gitIdentity = { email: "git@example.test" };
    const named = viewIn("/", { GIT_AUTHOR_EMAIL: "env@example.test" });

    expect(resolveActor({ configured: "ann", view: named, gitIdentity }).email).toBe("env@example.test");
    expect(resolveActor({ configured: "ann", view: viewIn("/"), gitIdentity }).email).toBe("git@example.test");
  });

  test("takes USERNAME on Windows", () => {
    const view = { ...viewIn("/", { USERNAME: "ann", USER: "x" }), platform: "win32" };

    expect(resolveActor({ configured: undefined, view }).name).toBe("ann");
  });
});

test("git is needed unless name and address are given", () => {
  const addressed = viewIn("/", { GIT_AUTHOR_EMAIL: "a@example.test" });

  expect(needsGitIdentity({ configured: "ann", view: addressed })).toBe(false);
  expect(needsGitIdentity({ configured: undefined, view: addressed })).toBe(true);
  expect(needsGitIdentity({ configured: "ann", view: viewIn("/") })).toBe(true);
});

describe("readGitIdentity", () => {
  const ISOLATED = { PATH, GIT_CONFIG_NOSYSTEM: "1" };

  test("reads name and address, the last one of each", async () => {
    const home = temporaryFolder({
      ".gitconfig": "[user]\n\tname = First\n\tname = Änn Peer\n\temail = ann@example.test\n",
    });

    expect(await readGitIdentity(viewIn(home, { ...ISOLATED, HOME: home }))).toEqual({
      name: "Änn Peer",
      email: "ann@example.test",
    });
  });

  test("is empty where git knows nobody, is missing, or the folder is gone", async () => {
    const home = temporaryFolder();

    expect(await readGitIdentity(viewIn(home, { ...ISOLATED, HOME: home }))).toEqual({});
    expect(await readGitIdentity(viewIn(home, { PATH: home }))).toEqual({});
    expect(await readGitIdentity(viewIn("/nonexistent", ISOLATED))).toEqual({});
  });

  test("ends with its signal", async () => {
    const home = temporaryFolder();

    await expect(readGitIdentity(viewIn(home, ISOLATED), AbortSignal.abort())).rejects.toThrow("aborted");
  });
});
