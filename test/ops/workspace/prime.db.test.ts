import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { primeText } from "../../../src/ops/workspace/prime-text.ts";
import { fencedBlocks, readDocuments } from "../../support/documents.ts";
import { parseBdLine } from "../../support/parse-bd-line.ts";
import { testWorkspace } from "../../support/workspace.ts";

const AWAY = { BEADS_DOLT_SERVER_PORT: "1", BEADS_DOLT_RETRY_MAX: "0ms" };
const OWN = primeText({ brief: false, full: false, stealth: false });

describe("bd prime", () => {
  test("prints the text that docs/agents.md has to paste, without a server", async () => {
    const workspace = await testWorkspace({ prefix: "pr" });
    const { code, stdout, stderr } = await workspace.bd(["prime"], { env: AWAY });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const document = readDocuments().find(({ path }) => path === "docs/agents.md");
    const [, pasted] = /^~~~markdown\n(.*?)^~~~$/ms.exec(document?.text ?? "") ?? [];
    expect(stdout).toBe(pasted);
    expect(await workspace.json(["prime"], { env: AWAY })).toEqual({ text: stdout, schema_version: 1 });
  });

  test("prints nothing outside of a workspace, and ends with 0, for hooks that run everywhere", async () => {
    const workspace = await testWorkspace({ prefix: "pr" });
    const { code, stdout, stderr } = await workspace.bd(["prime"], { cwd: workspace.home });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("is short, shorter without sharing, and longer with --full", async () => {
    const workspace = await testWorkspace({ prefix: "pr" });
    const of = async (...flags: readonly string[]) => (await workspace.bd(["prime", ...flags])).stdout;
    expect((await of("--mcp")).length).toBeLessThan(400);
    expect(OWN.length).toBeLessThan(4000);
    expect(await of("--stealth")).not.toContain("bd dolt push");
    expect(await of("--full")).toContain("bd blocked");
    expect(await of("--mcp", "--full")).toBe(await of("--full"));
  });

  test("a text of the project's goes first, then one of the person's; --export gives ours", async () => {
    const workspace = await testWorkspace({ prefix: "pr" });
    const config = join(workspace.home, ".config", "beads");
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, "PRIME.md"), "# Mine\n");
    expect((await workspace.bd(["prime"])).stdout).toBe("# Mine\n");
    writeFileSync(join(workspace.dir, ".beads", "PRIME.md"), "# Ours\n\n\x1b]0;owned\x07\n");
    expect((await workspace.bd(["prime"])).stdout).toBe("# Ours\n\n\\x1b]0;owned\\x07\n");
    expect((await workspace.bd(["prime", "--export"])).stdout).toBe(OWN);
  });
});

test("every command in the text is one, with flags that it has", async () => {
  const text = primeText({ brief: false, full: true, stealth: false });
  const lines = fencedBlocks({ path: "prime", text }, "sh").flat();
  const commands = lines.map((line) => line.replace(/ +#.*/, "")).filter((line) => line.startsWith("bd "));
  expect(commands.length).toBeGreaterThan(20);
  for (const line of commands) await expect(parseBdLine(line), line).resolves.toBeUndefined();
  for (const [, line = ""] of text.matchAll(/`(bd [^`<…]*)`/g)) {
    await expect(parseBdLine(line.replace(/ -[a-z]$/, "")), line).resolves.toBeUndefined();
  }
});
