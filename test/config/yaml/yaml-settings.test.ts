import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePlainYaml } from "../../../src/config/yaml/plain-yaml.ts";
import { parseYaml, readYamlSettings } from "../../../src/config/yaml/yaml-settings.ts";
import { bdErrorOf, temporaryFolder } from "../temporary-folder.ts";

async function read(text: string): Promise<Record<string, string>> {
  const path = join(temporaryFolder({ "config.yaml": text }), "config.yaml");
  const settings = await readYamlSettings(path);
  return Object.fromEntries([...(settings?.entries ?? [])].map(([key, entry]) => [key, entry.value]));
}

describe("readYamlSettings", () => {
  test("is undefined without a file, and empty for comments", async () => {
    expect(await readYamlSettings("/nonexistent/config.yaml")).toBeUndefined();
    expect(await read("# json: true\n\n")).toEqual({});
    expect(await read("")).toEqual({});
  });

  test("flattens sections and reads dotted keys alike", async () => {
    expect(await read("dolt:\n  host: db.example.test\n  port: 3310\nsync.remote: git+ssh://host/x\n")).toEqual({
      "dolt.host": "db.example.test",
      "dolt.port": "3310",
      "sync.remote": "git+ssh://host/x",
    });
  });

  test("keeps values as they are written", async () => {
    const text = "a: 1.10\nb: 0x1F\nc: 'it''s'\nd: \"x\\ty\"\ne: ~\nf: |\n  two\n  lines\ng: 007\n";

    expect(await read(text)).toEqual({ a: "1.10", b: "0x1F", c: "it's", d: "x\ty", f: "two\nlines\n", g: "007" });
  });

  test("joins lists by commas, resolves aliases, and reads maps in braces", async () => {
    const text = "types: {custom: [spike, chore]}\nbase: &b {host: h}\ndolt: *b\nrepos:\n  - {path: a}\n";

    expect(await read(text)).toEqual({
      "types.custom": "spike,chore",
      "base.host": "h",
      "dolt.host": "h",
      repos: '[{"path":"a"}]',
    });
  });

  test("knows the line of every value", async () => {
    const plain = parsePlainYaml("# one\ndolt:\n  host: h\n");
    const whole = await parseYaml("x", "# one\ndolt:\n  host: [h]\n");

    expect(plain?.get("dolt.host")).toEqual({ value: "h", line: 3 });
    expect(whole.get("dolt.host")).toEqual({ value: "h", line: 3 });
  });

  test.each([
    ["an open quote", 'json: true\ndolt:\n  host: "127.0', 3],
    ["a section inside a scalar", "json: true\nactor: a\n  host: x\n", 2],
    ["a doubled key", "json: true\njson: false\n", 2],
    ["a word alone", "json\n", 1],
    ["a tab as indentation", "dolt:\n\thost: x\n", 2],
    ["an alias to itself", "a: &x\n  b: *x\n", 2],
  ])("names file and line of %s", async (_title, text, line) => {
    const path = join(temporaryFolder({ "config.yaml": text }), "config.yaml");

    const error = await bdErrorOf(() => readYamlSettings(path));

    expect(error).toMatchObject({ kind: "config", code: "CONFIG_INVALID", details: { path, line } });
    expect(error.message).toContain(`${path}, line ${line}: `);
  });
});

describe("a text that is nested too deeply", () => {
  test.each([
    ["lists", (n: number) => `a: ${"[".repeat(n)}${"]".repeat(n)}`],
    ["lists without an end", (n: number) => `a: ${"[".repeat(n)}`],
    ["a list alone", (n: number) => "[".repeat(n)],
    ["maps", (n: number) => `a: ${"{a: ".repeat(n)}1${"}".repeat(n)}`],
    ["maps without an end", (n: number) => "{".repeat(n)],
    ["keys", (n: number) => `${"{".repeat(n)}a${"}".repeat(n)}: 1`],
    ["JSON", (n: number) => `${'{"a":'.repeat(n)}1${"}".repeat(n)}`],
    ["items", (n: number) => `a:\n ${"- ".repeat(n)}x`],
    ["explicit keys", (n: number) => `${"? ".repeat(n)}x`],
    ["tags", (n: number) => `a: ${"!!seq [".repeat(n)}${"]".repeat(n)}`],
    ["anchors", (n: number) => `a: ${"&a [".repeat(n)}${"]".repeat(n)}`],
  ])("is refused in our words, be it %s", async (_title, text) => {
    for (const depth of [100, 1000, 8000]) {
      const error = await bdErrorOf(() => parseYaml("FILE", text(depth)));
      expect(error).toMatchObject({ kind: "config", code: "CONFIG_INVALID" });
      expect(error.message).not.toContain("call stack");
    }
  });
});

test("a list in lists is named as that", async () => {
  for (const depth of [100, 1000, 8000]) {
    const error = await bdErrorOf(() => parseYaml("FILE", `a: ${"[".repeat(depth)}${"]".repeat(depth)}`));
    expect(error.message).toBe("FILE, line 1: it is nested too deeply");
  }
});

describe("parsePlainYaml", () => {
  test("leaves everything else to the whole reader", () => {
    for (const text of [
      "a: [1]",
      "a: &x b",
      "- a",
      "a: b: c",
      "---\na: b",
      "a:\n  b:\n    c: d",
      "a: |\n  b",
      "a: 1\n b",
      "a:\n  b: null\n  b: 1",
    ]) {
      expect(parsePlainYaml(text), text).toBeUndefined();
    }
  });

  test("where it reads a text, it reads what the whole reader reads", async () => {
    const key = fc.constantFrom("a", "b-c", "d.e", "null", "a", "_f");
    const scalar = fc.constantFrom(
      ..."1|1.5|true|null|Null|~|x|x y|x: y|x:y|x #c|x#c|\"q\"|'s'|'i''s'|\"a\\tb\"|[1]|*x|-|- x|x:|http://h:1/p|\"q\" z|@x|.5|+1||.|...|? x|0x1F".split(
        "|",
      ),
    );
    const indent = fc.constantFrom("", "", "  ", " ", "    ");
    const pair = fc.tuple(indent, key, scalar).map(([i, k, v]) => `${i}${k}: ${v}`);
    const line = fc.oneof(
      { weight: 6, arbitrary: pair },
      fc.constantFrom("# c", "  # c", "", "a:", "z:", "  y:", "---", "}", "z: # c"),
    );
    const texts = fc.array(line, { maxLength: 5 }).map((lines) => lines.join("\n"));

    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const plain = parsePlainYaml(text);
        if (plain !== undefined) expect(await parseYaml("x", text)).toEqual(plain);
      }),
      { numRuns: 2000 },
    );
  });
});
