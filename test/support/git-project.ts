import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BD_PATH } from "./run-bd.ts";
import { type TestWorkspace, testWorkspace } from "./workspace.ts";

/** A workspace under git, with the merge driver set up, and what a test does to its file of issues. */
export interface GitProject {
  readonly ws: TestWorkspace;
  readonly dir: string;
  /** What git printed; throws where it failed. */
  git(...args: readonly string[]): string;
  /** What git's hooks have said of bd so far, line by line. */
  readonly hookWords: string[];
  /** `bd … --json` in this folder. */
  bd(...args: readonly string[]): Promise<unknown>;
  /** Text of the file. */
  text(): string;
  /** Issues of the file, by id. */
  lines(): Map<string, Record<string, unknown>>;
  save(text: string): void;
  /** Changes the line of an issue by hand. */
  edit(id: string, changes: object): void;
  /** Commits everything; gives the commit. */
  commit(message?: string): string;
  /** All that the tracker has, as `bd export` says it. */
  state(): Promise<string>;
}

const IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@example.test", "-c", "core.editor=true"];

/** A workspace under git, by default a new one. */
export async function gitProject(own?: TestWorkspace, ...flags: readonly string[]): Promise<GitProject> {
  const ws = own ?? (await testWorkspace());
  const project = projectIn(ws, ws.dir);
  project.git("init", "-q", "-b", "main", ...flags);
  setUpDriver(project);
  return project;
}

/** Hooks run a bd of PATH there: an environment for git in which there is one, with what a person of the workspace has. */
export function withBdOnPath(ws: TestWorkspace): Record<string, string> {
  const bin = join(ws.home, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "bd"), `#!/bin/sh\nexec '${process.execPath}' '${BD_PATH}' "$@"\n`, { mode: 0o755 });
  return { ...ws.env, GIT_CONFIG_NOSYSTEM: "1", PATH: `${bin}:${process.env["PATH"]}` };
}

/** Without a bd. */
function plainEnv(ws: TestWorkspace): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: ws.home, GIT_CONFIG_NOSYSTEM: "1" };
}

/** The files of a workspace in another folder. */
export function projectIn(ws: TestWorkspace, dir: string, env = plainEnv(ws)): GitProject {
  const path = join(dir, ".beads", "issues.jsonl");
  const hookWords: string[] = [];
  const project: GitProject = {
    ws,
    dir,
    hookWords,
    git(...args) {
      const { status, stdout, stderr } = spawnSync("git", [...IDENTITY, ...args], { cwd: dir, encoding: "utf8", env });
      if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stdout}${stderr}`);
      hookWords.push(...stderr.split("\n").filter((line) => line.startsWith("bd ")));
      return stdout.trim();
    },
    bd: (...args) => ws.json(args, { cwd: dir }),
    text: () => (existsSync(path) ? readFileSync(path, "utf8") : ""),
    lines() {
      const found = new Map<string, Record<string, unknown>>();
      for (const line of project.text().split("\n").filter(Boolean)) {
        const value: Record<string, unknown> = JSON.parse(line);
        found.set(String(value["id"]), value);
      }
      return found;
    },
    save: (text) => writeFileSync(path, text),
    edit(id, changes) {
      const edited = project
        .text()
        .split("\n")
        .map((line) => (line.includes(`"id":"${id}",`) ? JSON.stringify({ ...JSON.parse(line), ...changes }) : line));
      project.save(edited.join("\n"));
    },
    commit(message = "work") {
      project.git("add", "-A");
      project.git("commit", "-q", "--allow-empty", "-m", message);
      return project.git("rev-parse", "HEAD");
    },
    state: async () => (await ws.bd(["export"], { cwd: dir })).stdout,
  };
  return project;
}

export function setUpDriver(project: GitProject): void {
  project.git("config", "merge.bd.driver", `'${process.execPath}' '${BD_PATH}' merge-driver %O %A %B %L %P`);
  project.git("config", "merge.bd.recursive", "binary");
  writeFileSync(join(project.dir, ".gitattributes"), ".beads/issues.jsonl merge=bd\n");
}

/** The id of an issue that is made here. */
export async function create(project: GitProject, title: string, ...flags: readonly string[]): Promise<string> {
  const made = await project.bd("create", title, ...flags);
  if (typeof made === "object" && made !== null && "id" in made) return String(made.id);
  throw new Error("create gives no id");
}
