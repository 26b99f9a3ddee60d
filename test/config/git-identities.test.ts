import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openGitIdentities } from "../../src/config/git-identities.ts";
import { temporaryFolder, viewIn } from "./temporary-folder.ts";

const PATH = process.env["PATH"] ?? "";
const GIT = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
const ANN = "[user]\n\tname = Ann\n";

/** A person's home with a clone and a git that counts how often it is asked. */
function stage({ config = ANN, env = {} }: { readonly config?: string; readonly env?: Record<string, string> } = {}) {
  const home = temporaryFolder({ ".gitconfig": config, "work/deep/": "", "bin/": "" });
  const log = join(home, "asked");
  writeFileSync(join(home, "bin/git"), `#!/bin/sh\necho >> '${log}'\nexec '${GIT}' "$@"\n`);
  chmodSync(join(home, "bin/git"), 0o755);
  const work = join(home, "work");
  execFileSync(GIT, ["init", "--quiet"], { cwd: work });
  const view = viewIn(join(work, "deep"), {
    PATH: `${join(home, "bin")}:${PATH}`,
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    ...env,
  });
  let now = 0;
  const identities = openGitIdentities(() => now);
  return {
    home,
    work,
    name: async () => (await identities.of(view)).name,
    asked: () => (existsSync(log) ? readFileSync(log, "utf8").length : 0),
    wait: (ms: number) => {
      now += ms;
    },
  };
}

test("git is asked once, as long as nothing changes", async () => {
  const { name, asked, work } = stage();

  const first = await name();
  writeFileSync(join(work, ".git/index.lock"), ""); // what work in a clone changes of its folder
  const again = [await name(), await name()];

  expect([first, ...again]).toEqual(["Ann", "Ann", "Ann"]);
  expect(asked()).toBe(1);
});

describe("it is asked again after a change", () => {
  const CHANGES: Readonly<Record<string, (place: { home: string; work: string }) => void>> = {
    "of the person's file": ({ home }) => writeFileSync(join(home, ".gitconfig"), "[user]\n\tname = Bob\n"),
    "of the clone's file": ({ work }) => execFileSync(GIT, ["config", "user.name", "Bob"], { cwd: work }),
    "of a word for one of the same length": ({ home }) =>
      writeFileSync(join(home, ".gitconfig"), ANN.replace("Ann", "Bob")),
    "to a second file of the person": ({ home }) => {
      rmSync(join(home, ".gitconfig"));
      mkdirSync(join(home, ".config/git"), { recursive: true });
      writeFileSync(join(home, ".config/git/config"), "[user]\n\tname = Bob\n");
    },
    "to a clone around the folder": ({ work }) => {
      execFileSync(GIT, ["init", "--quiet", "deep"], { cwd: work });
      execFileSync(GIT, ["config", "user.name", "Bob"], { cwd: join(work, "deep") });
    },
    "to a linked worktree": ({ home, work }) => {
      const env = { PATH, HOME: home, GIT_AUTHOR_EMAIL: "a@b.c", GIT_COMMITTER_EMAIL: "a@b.c" };
      execFileSync(GIT, ["commit", "--quiet", "--allow-empty", "-m", "first"], { cwd: work, env });
      rmSync(join(work, "deep"), { recursive: true });
      execFileSync(GIT, ["worktree", "add", "--quiet", "deep"], { cwd: work, env, stdio: "pipe" });
      execFileSync(GIT, ["config", "user.name", "Bob"], { cwd: join(work, "deep") });
    },
  };

  test.each(Object.entries(CHANGES))("%s", async (_what, change) => {
    const { name, asked, ...place } = stage();

    expect(await name()).toBe("Ann");
    change(place);

    expect([await name(), await name()]).toEqual(["Bob", "Bob"]);
    expect(asked()).toBe(2);
  });

  test("of a linked worktree's repository", async () => {
    const { name, ...place } = stage();
    CHANGES["to a linked worktree"]?.(place);

    expect(await name()).toBe("Bob");
    execFileSync(GIT, ["config", "user.name", "Cleo"], { cwd: place.work });

    expect(await name()).toBe("Cleo");
  });

  test("and after a minute, for what is not seen", async () => {
    const { name, asked, wait } = stage();
    await name();
    wait(60_000);
    await name();

    expect(asked()).toBe(2);
  });
});

test("what includes further files is asked for each time, and so is what the environment leads elsewhere", async () => {
  const included = stage({ config: `${ANN}[include]\n\tpath = other\n` });
  const elsewhere = stage({ env: { GIT_CONFIG_GLOBAL: "/dev/null" } });

  for (const { name, asked } of [included, elsewhere]) {
    await name();
    await name();

    expect(asked()).toBe(2);
  }
});

test("nobody is remembered as nobody, until somebody says a name", async () => {
  const { name, asked, home } = stage({ config: "" });

  expect([await name(), await name()]).toEqual([undefined, undefined]);
  expect(asked()).toBe(1);

  writeFileSync(join(home, ".gitconfig"), ANN);

  expect(await name()).toBe("Ann");
});
