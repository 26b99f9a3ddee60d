import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Document, fencedBlocks, readDocuments, transcripts } from "../support/documents.ts";
import { parseBdLine } from "../support/parse-bd-line.ts";

const root = join(import.meta.dirname, "../..");

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

function anchorsOf({ text }: Document): Set<string> {
  return new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading)));
}

/** Relative links that lead nowhere, each with its document. */
function brokenLinks(documents: readonly Document[]): string[] {
  const byPath = new Map(documents.map((document) => [document.path, document]));
  return documents.flatMap((document) => {
    const links = [...document.text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const relative = links.filter((target) => !/^[a-z]+:/.test(target));
    return relative.filter((target) => !leadsSomewhere(document, target, byPath)).map((t) => `${document.path}: ${t}`);
  });
}

function leadsSomewhere(from: Document, target: string, byPath: ReadonlyMap<string, Document>): boolean {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? from.path : join(dirname(from.path), file);
  if (!existsSync(join(root, path))) return false;
  const document = byPath.get(path);
  return anchor === undefined || (document !== undefined && anchorsOf(document).has(anchor));
}

describe("the documents", () => {
  it("link to files and headings that exist", () => {
    expect(brokenLinks(readDocuments())).toEqual([]);
  });

  it("show only lines of bd that it understands", async () => {
    const documents = readDocuments();
    const shown = documents.flatMap((document) => [
      ...fencedBlocks(document, "sh").flat(),
      ...transcripts(document).map(({ line }) => line.replace(/; echo .*/, "")),
    ]);
    const lines = shown.map((line) => line.trim().replace(/ +#.*/, "")).filter((line) => /^(\S+=\S+ )*bd /.test(line));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      await expect(parseBdLine(line), line).resolves.toBeUndefined();
    }
  });
});

describe("the check itself", () => {
  it("finds a link to a missing file and to a missing heading", () => {
    const text = "# One\n\n[a](b.md) [c](#two) [d](#one) [e](https://example.test/x) [f](docs/errors.md#no)";

    const broken = brokenLinks([{ path: "README.md", text }]);

    expect(broken).toEqual(["README.md: b.md", "README.md: #two", "README.md: docs/errors.md#no"]);
  });
});
