import { isAbsolute, relative } from "node:path";

/** Whether a path is a folder or lies in it, by their names alone: both must be named without links. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith("../") && !isAbsolute(way);
}
