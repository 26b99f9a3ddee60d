import type { whoAmI } from "../../../ops/workspace/whoami.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const whoamiCommand: CommandDefinition = {
  examples: [
    ["bd whoami", "your name, and the session that your claims belong to"],
    ["bd whoami --json", "the same for a program"],
  ],
  handlers: [
    handler<typeof whoAmI>({
      operation: "workspace.whoami",
      input: ({ flags }) => ({ directory: flags["directory"] }),
      present({ actor, actor_source, email, email_source, session, session_source }, view) {
        view.line(`${actor} (${actor_source})`);
        view.line(`  email: ${email === "" ? "none" : `${email} (${email_source})`}`);
        view.line(`  session: ${session === undefined ? "none" : `${session} (${session_source})`}`);
      },
    }),
  ],
};
