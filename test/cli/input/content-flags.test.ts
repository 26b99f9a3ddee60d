import { describe, expect, test } from "vitest";
import type { Flags, Invocation } from "../../../src/cli/command.ts";
import { contentFromFlags, jsonFlag } from "../../../src/cli/input/content-flags.ts";
import { BdError } from "../../../src/errors.ts";

const FILES: Readonly<Record<string, string>> = { "-": "from stdin", "body.md": "from a file", "empty.md": "\n" };

function invocation(flags: Flags): Invocation {
  const readText = async (path: string) => FILES[path] ?? "";
  return {
    args: [],
    flags,
    readText,
    readStdin: () => readText("-"),
    text: async (name) => (flags[name] === "-" ? readText("-") : flags[name]?.toString()),
    leftCursor: undefined,
    shell: nobodyAsks,
    openInput: nobodyAsks,
    openOutput: nobodyAsks,
  };
}

function nobodyAsks(): never {
  throw new Error("nobody asked for that");
}

function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: unknown) => (error instanceof BdError ? error.code : error),
  );
}

describe("the content flags", () => {
  test("what no flag names is absent, and an empty text is a text", async () => {
    expect(await contentFromFlags(invocation({}), { allowEmpty: false })).toEqual({});
    expect(await contentFromFlags(invocation({ description: "", assignee: "" }), { allowEmpty: false })).toEqual({
      description: "",
      assignee: "",
    });
  });

  test.each([
    [{ description: "text" }, "text"],
    [{ body: "text" }, "text"],
    [{ message: "text" }, "text"],
    [{ description: "-" }, "from stdin"],
    [{ body: "-" }, "from stdin"],
    [{ message: "-" }, "from stdin"],
    [{ stdin: true }, "from stdin"],
    [{ bodyFile: "body.md" }, "from a file"],
    [{ descriptionFile: "body.md" }, "from a file"],
    [{ description: "same", body: "same" }, "same"],
    [{ stdin: true, bodyFile: "-" }, "from stdin"],
  ])("%o gives a description", async (flags, description) => {
    expect(await contentFromFlags(invocation(flags), { allowEmpty: false })).toEqual({ description });
  });

  test("design, notes and references come as they are", async () => {
    const flags = { designFile: "body.md", acceptance: "a", appendNotes: "n", externalRef: "gh-1" };

    expect(await contentFromFlags(invocation(flags), { allowEmpty: false })).toEqual({
      design: "from a file",
      acceptance_criteria: "a",
      append_notes: "n",
      external_ref: "gh-1",
    });
  });

  test.each([
    [{ description: "one", body: "two" }, "CONTRADICTING_FLAGS"],
    [{ description: "one", stdin: true }, "CONTRADICTING_FLAGS"],
    [{ notes: "a", appendNotes: "b" }, "CONTRADICTING_FLAGS"],
    [{ bodyFile: "empty.md" }, "EMPTY_DESCRIPTION"],
  ])("%o is refused with %s", async (flags, code) => {
    expect(await codeOf(contentFromFlags(invocation(flags), { allowEmpty: false }))).toBe(code);
  });

  test("an empty file gives an empty description where that is allowed", async () => {
    const content = await contentFromFlags(invocation({ bodyFile: "empty.md" }), { allowEmpty: true });

    expect(content).toEqual({ description: "\n" });
  });

  test("a JSON flag is text, or a file after @", async () => {
    expect(await jsonFlag(invocation({ metadata: '{"a":1}' }), "metadata")).toBe('{"a":1}');
    expect(await jsonFlag(invocation({ metadata: "@body.md" }), "metadata")).toBe("from a file");
    expect(await jsonFlag(invocation({}), "metadata")).toBeUndefined();
  });
});
