import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BD_PATH } from "./run-bd.ts";
import { type TestWorkspace, testWorkspace } from "./workspace.ts";

/** A workspace under git, with the merge driver set up, and what a test does to its file of issues. */
export interface GitProject {
  readonly ws: TestWorkspace;
  readonly dir: string;
  git(...args: readonly string[]): string;
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

/** The files of a workspace in another folder. */
export function projectIn(ws: TestWorkspace, dir: string): GitProject {
  const path = join(dir, ".beads", "issues.jsonl");
  const project: GitProject = {
    ws,
    dir,
    git(...args) {
      const env = { PATH: process.env["PATH"] ?? "", HOME: ws.home, GIT_CONFIG_NOSYSTEM: "1" };
      return execFileSync("git", [...IDENTITY, ...args], { cwd: dir, encoding: "utf8", stdio: "pipe", env }).trim();
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

function setUpDriver(project: GitProject): void {
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
