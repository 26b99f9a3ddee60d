import type { IssueDependencies, listDependencies } from "../../../ops/dependency/list.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";

export const listDependenciesCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<ids...>", "issues, or parts of their ids")
      .option("--direction <way>", "down: what they depend on; up: what depends on them", "down")
      .option("-t, --type <type>", "only dependencies of that type");
  },
  examples: [
    ["bd dep list bd-b2", "what bd-b2 waits for or belongs to"],
    ["bd dep list bd-a1 --direction up -t blocks", "what waits for bd-a1"],
  ],
  handlers: [
    handler<typeof listDependencies>({
      operation: "dependency.list",
      input: ({ args, flags: { direction, type } }) => ({ ids: args, direction, type }),
      present: ({ issues }, view) => {
        for (const item of issues) presentOne(item, issues.length > 1, view);
      },
      jsonNote: ({ issues }) => {
        const absent = issues.length === 1 ? issues.flatMap(absentTargets) : [];
        return absent.length === 0 ? undefined : `not in this database: ${absent.map(({ id }) => id).join(", ")}`;
      },
    }),
  ],
};

/** Edges whose other end is elsewhere, or gone. */
function absentTargets({ links, records }: IssueDependencies): { id: string; type: string }[] {
  const here = new Set(links.map(({ id }) => id));
  return records
    .filter(({ depends_on_id: target }) => !here.has(target))
    .map(({ depends_on_id: id, type }) => ({ id, type }));
}

function presentOne(item: IssueDependencies, titled: boolean, view: View): void {
  const { issue, links } = item;
  const absent = absentTargets(item);
  if (links.length + absent.length === 0) {
    view.line(view.flags["direction"] === "up" ? `Nothing depends on ${issue.id}` : `${issue.id} has no dependencies`);
    return;
  }
  if (titled) view.line(`${view.style("bold", issue.id)}: ${issue.title}`);
  for (const link of links) {
    view.line(`  ${link.id}: ${link.title} [P${link.priority}] (${link.status}) via ${link.dependency_type}`);
  }
  for (const { id, type } of absent) view.line(`  ${id}: (not in this database) via ${type}`);
}
