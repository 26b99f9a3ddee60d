import type { closeEligibleEpics, epicStatus } from "../../../ops/issue/epics.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { issueName } from "../../present/issue-name.ts";

export const epicStatusCommand: CommandDefinition = {
  configure(command) {
    command.option("--eligible-only", "only those whose children are all done");
  },
  examples: [
    ["bd epic status", "how far every epic is"],
    ["bd epic status --eligible-only", "which could be closed"],
  ],
  handlers: [
    handler<typeof epicStatus>({
      operation: "issue.epics",
      input: ({ flags }) => ({ eligible_only: flags["eligibleOnly"] === true }),
      present({ epics }, { line, style }) {
        if (epics.length === 0) line("No open epics found");
        for (const { epic, total, closed, eligible } of epics) {
          line(`${eligible ? style("green", "✓") : "○"} ${style("bold", epic.id)} ${epic.title}`);
          line(`   Progress: ${closed}/${total} children closed (${Math.floor((closed * 100) / total)}%)`);
          if (eligible) line(`   ${style("green", "Eligible for closure")}`);
        }
      },
    }),
  ],
};

export const epicCloseEligibleCommand: CommandDefinition = {
  configure(command) {
    command.option("--dry-run", "say which, and close none");
  },
  examples: [
    ["bd epic close-eligible --dry-run", "which would be closed"],
    ["bd epic close-eligible", "close every epic whose children are all done"],
  ],
  handlers: [
    handler<typeof epicStatus>({
      when: ({ dryRun }) => dryRun === true,
      operation: "issue.epics",
      input: () => ({ eligible_only: true }),
      present({ epics }, view) {
        if (epics.length === 0) view.line("No epics eligible for closure");
        for (const { epic } of epics) view.line(`Would close ${issueName(epic)}`);
      },
    }),
    handler<typeof closeEligibleEpics>({
      operation: "issue.close-epics",
      input: () => ({}),
      present({ closed }, view) {
        if (closed.length === 0) view.line("No epics eligible for closure");
        for (const epic of closed) {
          view.line(`${view.style("green", "✓")} Closed ${issueName(epic)}: ${epic.close_reason ?? ""}`);
        }
      },
    }),
  ],
};
