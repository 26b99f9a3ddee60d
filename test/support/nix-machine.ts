import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { type HomeEvaluation, writeHome } from "./nix.ts";
import type { SystemdMachine } from "./user-systemd.ts";

const UNITS = ".config/systemd/user";

/** Folder of a machine's packages, in place of /nix/store. */
export const storeOf = ({ home }: SystemdMachine): string => linkedStore(join(home, "store"), "/usr/local/bin/dolt");

/** Does what a switch of Home Manager does with an evaluation's files, and what its own modules add to them. */
export function switchHome(machine: SystemdMachine, evaluation: Pick<HomeEvaluation, "files">): void {
  writeHome(machine.home, evaluation);
  machine.write(".profile", '. "$HOME/hm-session-vars.sh"\n. "$HOME/.bashrc"\n');
  machine.write(".zshenv", '. "$HOME/hm-session-vars.sh"\n');
  mkdirSync(join(machine.home, UNITS, "default.target.wants"));
  symlinkSync("../dolt-server.service", join(machine.home, UNITS, "default.target.wants/dolt-server.service"));
}

/** Makes the packages that the unit names, under the paths of a Nix store of its own; gives its folder. */
export function linkedStore(store: string, dolt: string): string {
  const programs = { "dolt/bin/dolt": dolt, "coreutils/bin/mkdir": "/bin/mkdir" };
  for (const [path, target] of Object.entries(programs)) {
    mkdirSync(dirname(join(store, path)), { recursive: true });
    symlinkSync(target, join(store, path));
  }
  return store;
}
