import { command } from "../../errors.ts";
import { idProblem } from "../issue/issue-id.ts";
import type { Finding } from "./finding.ts";

/** Ids under which no issue may come in: other programs, or an older bd, let them in. */
export function oddIds(ids: readonly string[]): Finding[] {
  return ids.flatMap((id): Finding[] => {
    const problem = idProblem(id);
    if (problem === undefined) return [];
    const message = `the id ${JSON.stringify(id)} ${problem}; nobody can use the issue by it`;
    return [{ kind: "id", items: [id], message, known: [], next: command`bd list --all --json` }];
  });
}
