import { InvalidArgumentError } from "commander";
import type { DependencyTreeResult, dependencyTree, TreeNode } from "../../../ops/dependency/tree.ts";
import { type CommandDefinition, type Flags, handler, type View } from "../../command.ts";
import { count } from "../../input/flag-parsers.ts";
import { cutToWidth, displayWidth } from "../../present/text/display-width.ts";
import { cutSegments, type Segment, styled, widthOf } from "../../present/text/segments.ts";

export const dependencyTreeCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<id>", "an issue, or part of its id")
      .option("-d, --max-depth <levels>", "how many levels to show, its own included", count, 50)
      .option("--direction <way>", "down: what it depends on; up: what depends on it; both", "down")
      .option("--status <status>", "only issues of that status, and what leads to them")
      .option("--format <format>", "mermaid: a diagram for Markdown", mermaidOnly);
    command.addOption(command.createOption("--reverse", "the same as --direction up").hideHelp());
  },
  examples: [
    ["bd dep tree bd-b2", "what bd-b2 waits for, at any distance"],
    ["bd dep tree bd-a1 --direction up", "what becomes free after bd-a1"],
    ["bd dep tree bd-b2 --format mermaid", "a diagram for Markdown"],
  ],
  ignored: [["--show-all-paths", "the ways to an issue are shown, what is below it once"]],
  handlers: [
    handler<typeof dependencyTree>({
      operation: "dependency.tree",
      input: ({ args: [id], flags }) => ({
        id,
        direction: flags["reverse"] === true ? "up" : flags["direction"],
        max_depth: flags["maxDepth"],
        status: flags["status"],
      }),
      present(result, view) {
        if (isMermaid(view.flags)) mermaidLines(result).forEach((line) => view.line(line));
        else presentTree(result, view);
      },
    }),
  ],
};

function mermaidOnly(value: string): string {
  if (value === "mermaid") return value;
  throw new InvalidArgumentError("expected mermaid.");
}

function isMermaid({ format }: Flags): boolean {
  return format === "mermaid";
}

const HEADINGS = {
  down: "Dependency tree for",
  up: "Dependent tree for",
  both: "Full dependency graph for",
} as const;

function presentTree({ root, direction, nodes, root_is_free: isFree }: DependencyTreeResult, view: View): void {
  ["", `🌲 ${HEADINGS[direction]} ${root}:`, ""].forEach((line) => view.line(line));
  nodes.forEach((node, index) => {
    const following = nodes.slice(index + 1).find(({ depth }) => depth <= node.depth);
    const isLast = following === undefined || following.depth < node.depth;
    const branch = node.depth === 0 ? "" : `${"    ".repeat(node.depth)}${isLast ? "└── " : "├── "}`;
    view.line(treeLine(branch, node, marksOf(node, isFree), view));
  });
  if (nodes.some(({ truncated }) => truncated)) view.line("Deeper levels are left out (--max-depth for more)");
}

/** Where there is no room for all, the title gives way first. */
function treeLine(
  branch: string,
  node: TreeNode,
  marks: readonly Segment[],
  { isTerminal, columns, style }: View,
): string {
  const rest = marks.flatMap((mark): Segment[] => [[" "], mark]);
  const whole: Segment = [`${branch}${nodeText(node)}`];
  if (!isTerminal) return styled([whole, ...rest], style);
  const excess = widthOf([whole, ...rest]) - columns;
  const { issue } = node;
  const title = issue && cutToWidth(issue.title, Math.max(SHORTEST_TITLE, displayWidth(issue.title) - excess));
  const text = issue && title !== undefined ? nodeText({ ...node, issue: { ...issue, title } }) : nodeText(node);
  return styled(cutSegments([[`${branch}${text}`], ...rest], columns), style);
}

const SHORTEST_TITLE = 8;

function nodeText({ id, issue }: TreeNode): string {
  return issue === undefined
    ? `${id}: (not in this database)`
    : `${id}: ${issue.title} [P${issue.priority}] (${issue.status})`;
}

function marksOf(node: TreeNode, rootIsFree: boolean | undefined): Segment[] {
  const again: Segment[] = node.again ? [["… (shown above)", "dim"]] : [];
  if (node.edge_from_parent !== undefined) return [[`[${node.edge_from_parent}]`, "dim"], ...again];
  if (node.depth > 0 || rootIsFree === undefined) return again;
  return [rootIsFree ? ["[READY]", "green"] : ["[BLOCKED]", "red"]];
}

/** Nodes are numbered, because ids may hold what Mermaid takes for its own signs. */
function mermaidLines({ nodes, direction }: DependencyTreeResult): string[] {
  const ids = [...new Set(nodes.map(({ id }) => id))];
  const name = (id: string) => `n${ids.indexOf(id)}`;
  const labels = new Map(nodes.map((node) => [node.id, nodeText(node)]));
  const edges = nodes
    .filter(({ parent_id: parent }) => parent !== "" && ids.includes(parent))
    .map(({ id, parent_id: parent, edge_from_parent: type = "" }) => {
      const [from, to] = direction === "up" ? [id, parent] : [parent, id];
      return `  ${name(from)} -->|${escaped(type)}| ${name(to)}`;
    });
  return ["flowchart TD", ...[...labels].map(([id, label]) => `  ${name(id)}["${escaped(label)}"]`), ...edges];
}

function escaped(text: string): string {
  return text.replace(/[#"<>|\n]/g, (sign) => `#${sign.charCodeAt(0)};`);
}
