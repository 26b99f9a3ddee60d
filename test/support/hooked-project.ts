import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type GitProject, gitProject, withBdOnPath } from "./git-project.ts";

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

export interface HookedProject extends GitProject {
  /** Runs lines of a shell there. */
  readonly run: (line: string, env?: Record<string, string>) => Ran;
}

/** A project whose hooks are installed, with a bd on PATH, as in life. */
export async function hooked({ install = true } = {}): Promise<HookedProject> {
  const project = await gitProject();
  const own = withBdOnPath(project.ws);
  const run = (line: string, env: Record<string, string> = {}): Ran => {
    const identity = {
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "a@example.test",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "a@example.test",
    };
    const stderr = join(project.ws.home, "stderr");
    const options = {
      cwd: project.dir,
      encoding: "utf8",
      env: { ...own, ...identity, ...env },
    } as const;
    const { status, stdout } = spawnSync("bash", ["-c", `set -e; exec 2>'${stderr}'; ${line}`], options);
    if (status !== 0) throw new Error(`${line}: ${stdout}${readFileSync(stderr, "utf8")}`);
    return { stdout, stderr: readFileSync(stderr, "utf8") };
  };
  run("bd config set sync.jsonl true -q; bd create Begin -q >.git/made; bd sync -q; git add -A; git commit -qm begin");
  if (install) run("bd hooks install -q");
  return { ...project, run };
}

/** The file in the last commit. */
export function committed(project: GitProject): string {
  return project.git("show", "HEAD:.beads/issues.jsonl");
}
