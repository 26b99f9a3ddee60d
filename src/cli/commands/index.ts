import type { CommandEntry } from "../command.ts";
import { DAEMON_COMMANDS } from "./daemon-commands.ts";
import { DEPENDENCY_COMMANDS } from "./dependency-commands.ts";
import { ISSUE_COMMANDS } from "./issue-commands.ts";
import { PROJECT_COMMANDS } from "./project-commands.ts";
import { REMOTE_COMMANDS } from "./remote-commands.ts";
import { SERVER_COMMANDS } from "./server-commands.ts";
import { TRACKER_COMMANDS } from "./tracker-commands.ts";
import { VIEW_COMMANDS } from "./view-commands.ts";

/** Every command of the program, in the order of `bd --help`. */
export const COMMANDS: readonly CommandEntry[] = [
  ...ISSUE_COMMANDS,
  ...VIEW_COMMANDS,
  ...DEPENDENCY_COMMANDS,
  ...PROJECT_COMMANDS,
  ...REMOTE_COMMANDS,
  ...SERVER_COMMANDS,
  ...DAEMON_COMMANDS,
  ...TRACKER_COMMANDS,
];
