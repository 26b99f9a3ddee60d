import type { PastIssue } from "../../../core/verify/finding.ts";
import type { VerifyResult, verifyTracker } from "../../../ops/dolt/verify.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { counted, shortHash } from "../../present/text/counted-text.ts";

export const doltVerifyCommand: CommandDefinition = {
  examples: [
    ["bd dolt verify", "what is mixed up, and what to do about it; exit 0 when nothing is"],
    ["bd dolt verify --json", "a list, for a program"],
  ],
  handlers: [
    handler<typeof verifyTracker>({
      operation: "dolt.verify",
      input: () => ({}),
      present: presentVerification,
    }),
  ],
};

function presentVerification({ issues, findings }: VerifyResult, view: View): void {
  const looked = `${counted(issues, "issue")} looked at`;
  if (findings.length === 0) {
    view.line(`${view.style("green", "✓")} Nothing is mixed up: ${looked}`);
    return;
  }
  for (const { kind, message, known, next } of findings) {
    view.line(`${view.style("yellow", "⚠")} ${view.style("bold", kind)}: ${message}`);
    for (const past of known) view.line(`  The history has: ${pastText(past)}`);
    view.line(`  Next: ${next}`);
    view.line();
  }
  view.line(`${counted(findings.length, "finding")}; ${looked}, nothing was changed`);
}

function pastText({ id, title, createdBy, createdAt, commit }: PastIssue): string {
  return `${id} "${title}", made by ${createdBy || "nobody"} at ${createdAt} (commit ${shortHash(commit)})`;
}
