import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Everything below a folder, with its bytes. */
export function bytesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path).toString("base64")]));
}
