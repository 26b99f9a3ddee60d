import { readDocuments } from "./documents.ts";

/** What a document has a person type, in order: lines of a shell, and lines that show what they print. */
export type Block =
  | { readonly kind: "sh"; readonly lines: string }
  | { readonly kind: "console"; readonly steps: readonly { readonly line: string; readonly output: string }[] };

/** The blocks below each heading of the second level. */
export function blocksBySection(path: string): Map<string, Block[]> {
  const document = readDocuments().find((one) => one.path === path);
  if (document === undefined) throw new Error(`there is no ${path}`);
  const sections = document.text.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const blocks = [...section.matchAll(/^```(sh|console)\n(.*?)\n```$/gms)];
      return [section.split("\n", 1)[0] ?? "", blocks.map(([, kind, body = ""]) => blockOf(kind, body))];
    }),
  );
}

function blockOf(kind: string | undefined, body: string): Block {
  if (kind === "sh") return { kind, lines: body };
  const steps = body.split(/^\$ /m).slice(1);
  return {
    kind: "console",
    steps: steps.map((step) => {
      const [line = "", ...output] = step.trimEnd().split("\n");
      return { line, output: output.join("\n") };
    }),
  };
}
