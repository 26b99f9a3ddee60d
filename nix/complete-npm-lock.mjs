// node complete-npm-lock.mjs LOCK_FILE REGISTRY: writes the addresses that npm left out into package-lock.json. Nix
// downloads only what has one, and npm leaves them out where `omit-lockfile-registry-resolved` is set. `integrity` says
// what must arrive, wherever it comes from.
import { readFileSync, writeFileSync } from "node:fs";

const [path, registry] = process.argv.slice(2);
const lock = JSON.parse(readFileSync(path, "utf8"));
for (const [place, entry] of Object.entries(lock.packages)) {
  if (entry.integrity === undefined || entry.resolved !== undefined) continue;
  // An alias says its real name itself.
  const name = entry.name ?? place.split("node_modules/").at(-1);
  entry.resolved = new URL(`${name}/-/${name.split("/").at(-1)}-${entry.version}.tgz`, registry).href;
}
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
