import { join } from "node:path";
import { expect, it } from "vitest";
import { readSources } from "../../scripts/house-rules.ts";
import { EXIT_CODES } from "../../src/cli/exit-code.ts";
import { readDocuments } from "../support/documents.ts";

/** Calls that make an error; the code is the first word in capitals among their arguments. */
const CODE = /\b(?:BdError|refused|withLog)\(\s*(?:(?:"([a-z-]+)"|[\w[\].]+),\s*)?"([A-Z][A-Z_]+)"/g;

interface Found {
  readonly code: string;
  readonly exit: number | undefined;
}

async function codesInSources(): Promise<Found[]> {
  const sources = await readSources(join(import.meta.dirname, "../.."));
  const exits = new Map<string | undefined, number>(Object.entries(EXIT_CODES));
  return [...sources.values()].flatMap((source) =>
    [...source.matchAll(CODE)].map(([, kind, code = ""]) => ({ code, exit: exits.get(kind) })),
  );
}

/** The codes of docs/errors.md, each with the heading above it. */
function documentedCodes(): Map<string, string> {
  const text = readDocuments().find(({ path }) => path === "docs/errors.md")?.text ?? "";
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.flatMap((section) => {
      const heading = section.slice(0, section.indexOf(":"));
      return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, code = ""]) => [code, heading] as const);
    }),
  );
}

it("docs/errors.md has every error code of the program, and no other", async () => {
  const used = new Set((await codesInSources()).map(({ code }) => code));

  expect([...documentedCodes().keys()].toSorted()).toEqual([...used].toSorted());
});

it("docs/errors.md has each code under its exit code", async () => {
  const documented = documentedCodes();
  const misplaced = (await codesInSources()).filter(({ code, exit }) => {
    const heading = documented.get(code);
    return exit !== undefined && exit < 10 && heading !== undefined && heading !== `Exit ${exit}`;
  });

  expect(misplaced).toEqual([]);
});
