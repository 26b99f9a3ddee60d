import { homedir } from "node:os";
import { findOrInstallDolt } from "../src/server/dolt/install-dolt.ts";

/** Finds a dolt as `bd` does, or installs one into our cache; says each step. Returns its path. */
export async function obtainDolt(say: (line: string) => void): Promise<string> {
  const dolt = await findOrInstallDolt({
    env: process.env,
    home: homedir(),
    platform: process.platform,
    arch: process.arch,
    pid: process.pid,
    say,
    kill: (pid, signal) => process.kill(pid, signal),
  });
  return dolt.path;
}

// As a program, so that `.ci/run` can begin the long build before anything needs it: the path is all of stdout.
if (import.meta.main) console.log(await obtainDolt((line) => console.error(line)));
