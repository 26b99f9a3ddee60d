import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, type TestContext, test } from "vitest";
import { BD_PATH } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/** The system's limits, used up for real: by a disk of 256 KiB, and by another user's processes. */

let workspace: TestWorkspace;
let beadsDir: string;
beforeEach(async () => {
  workspace = await makeWorkspace();
  beadsDir = join(workspace.dir, ".beads");
});
afterEach(() => workspace.remove());

function needsRoot({ skip }: TestContext): void {
  if (process.geteuid?.() !== 0) skip("only root may mount, and start processes of other users");
}

const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: "utf8" });

test("under a full disk a daemon begins, serves and ends, and says again what is wrong when there is room", {
  timeout: 120_000,
}, async (context) => {
  needsRoot(context);
  const disk = join(workspace.home, "disk");
  renameSync(beadsDir, disk);
  run("mkdir", beadsDir);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", beadsDir]);
  if (mounted.status !== 0) context.skip(`nothing can be mounted here: ${mounted.stderr.toString()}`);
  try {
    cpSync(disk, beadsDir, { recursive: true });
    const bd = (...args: string[]) => workspace.spawn(args).done;
    // The socket needs no room, a name in the folder does; then not a byte is left.
    const filler = join(beadsDir, "filler");
    spawnSync("cp", ["/dev/zero", filler]);
    expect(await bd("daemon", "start")).toMatchObject({ code: 0, stderr: "" });
    expect(await bd("create", "On a full disk", "-q", "-v")).toMatchObject({ code: 0 });
    const listed = await bd("list", "-v");
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining("On a full disk") });
    expect(listed.stderr).not.toContain("not through the daemon");
    rmSync(filler);
    expect(await bd("daemon", "stop")).toMatchObject({ code: 0 });
    expect((await bd("daemon", "logs")).stdout).toContain("ended: told to");
  } finally {
    run("umount", "--lazy", beadsDir);
  }
});

test("where the user's watches are used up, a daemon looks at the files instead, and says so once", {
  timeout: 120_000,
}, async (context) => {
  needsRoot(context);
  const instances = Number(readFileSync("/proc/sys/fs/inotify/max_user_instances", "utf8"));
  if (instances > MOST_INSTANCES) context.skip(`a user may have ${instances} of them here`);
  const uid = 61_000 + (process.pid % 4000);
  const own = ["--reuid", String(uid), "--regid", String(uid), "--clear-groups"];
  run("chown", "-R", `${uid}:${uid}`, dirname(workspace.dir));
  const hog = spawn("setpriv", [...own, "perl", "-e", HOG]);
  try {
    await once(hog.stdout, "data");
    const bd = (...args: string[]) =>
      spawnSync("setpriv", [...own, process.execPath, BD_PATH, ...args], {
        cwd: workspace.dir,
        env: { ...workspace.env, BD_DAEMON_POLL_INTERVAL: "100ms" },
        encoding: "utf8",
      });
    expect(bd("daemon", "start")).toMatchObject({ status: 0, stderr: "" });
    const status = () => JSON.parse(bd("daemon", "status", "--json").stdout);
    await expect.poll(() => status().watcher).toMatchObject({ polling: true });
    writeFileSync(join(beadsDir, "issues.jsonl"), "\n");
    await expect.poll(() => status().events.imports).toBe(1);
    expect(bd("daemon", "logs").stdout.match(/limit of watches/g)).toEqual(["limit of watches"]);
    expect(bd("daemon", "stop").status).toBe(0);
    expect(existsSync(join(beadsDir, "bd.sock"))).toBe(false);
  } finally {
    hog.kill("SIGKILL");
  }
});

/** What one process can take with the open files that it may have. */
const MOST_INSTANCES = 900;

/** Takes all inotify instances that a user may have (`inotify_init`: 253 on x86-64, `inotify_init1`: 26 on arm64). */
const HOG = String.raw`
use POSIX (); $| = 1;
my $arm = (POSIX::uname())[4] eq "aarch64";
1 while ($arm ? syscall(26, 0) : syscall(253)) >= 0;
print "taken\n"; sleep 600;
`;
