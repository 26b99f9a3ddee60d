import type { Host } from "../ops/open-context.ts";
import type { Terminal } from "./terminal.ts";

/** All that the command line needs of the outside world. */
export interface Env
  extends Omit<
    Host,
    "progress" | "note" | "detail" | "confirm" | "readonly" | "directory" | "database" | "actor" | "session"
  > {
  readonly terminal: Terminal;
}
