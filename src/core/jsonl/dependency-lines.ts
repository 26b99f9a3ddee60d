import { BdError, command } from "../../errors.ts";
import { isMetadata } from "../json/metadata-json.ts";

/** An edge as somebody wrote it down: `issue` is to depend on `depends_on`; ids may be partial. */
export interface DependencyLine {
  readonly issue: string;
  readonly depends_on: string;
  readonly type?: string;
}

/**
 * Reads JSONL with one edge per line: `{"from","to","type"}` or `{"issue_id","depends_on_id","type"}`; no type means
 * blocks. Throws BdError usage INVALID_LINES that names every bad line.
 */
export function parseDependencyLines(text: string): DependencyLine[] {
  const edges: DependencyLine[] = [];
  const bad: { line: number; reason: string }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const edge = edgeFrom(line);
    if (typeof edge === "string") bad.push({ line: index + 1, reason: edge });
    else edges.push(edge);
  }
  if (bad.length > 0 || edges.length === 0) throw invalidLines(bad);
  return edges;
}

/** The edge, or what is wrong with the line. */
function edgeFrom(line: string): DependencyLine | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "it is not JSON";
  }
  if (!isMetadata(value)) return "it is not a JSON object";
  const issue = value["from"] ?? value["issue_id"];
  const target = value["to"] ?? value["depends_on_id"];
  const type = value["type"];
  if (typeof issue !== "string" || issue === "") return "it has neither from nor issue_id";
  if (typeof target !== "string" || target === "") return "it has neither to nor depends_on_id";
  if (type !== undefined && typeof type !== "string") return "type is not a text";
  return { issue, depends_on: target, ...(type === undefined ? {} : { type }) };
}

function invalidLines(bad: readonly { readonly line: number; readonly reason: string }[]): BdError {
  const named = bad.map(({ line, reason }) => `line ${line}: ${reason}`).join("; ");
  return new BdError("usage", "INVALID_LINES", `no dependency was added: ${named || "there are no lines"}`, {
    hint: command`bd dep add --help`,
    details: { lines: bad },
  });
}
