import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { setYamlSetting, unsetYamlSetting } from "../../../src/config/yaml/yaml-edit.ts";
import { readYamlSettings } from "../../../src/config/yaml/yaml-settings.ts";
import { bdErrorOf, temporaryFolder } from "../temporary-folder.ts";

function file(text: string): string {
  return join(temporaryFolder({ "config.yaml": text }), "config.yaml");
}

async function textAfterSet(text: string, key: string, value: string): Promise<string> {
  const path = file(text);
  await setYamlSetting(path, key, value);
  return readFileSync(path, "utf8");
}

async function textAfterUnset(text: string, key: string): Promise<string> {
  const path = file(text);
  await unsetYamlSetting(path, key);
  return readFileSync(path, "utf8");
}

describe("setYamlSetting", () => {
  test.each([
    ["into a file of comments", "# json: true\n\n# end", "json", "true", "# json: true\n\n# end\njson: true\n"],
    ["as a section of its own", "json: true\n", "sync.remote", "x", "json: true\nsync:\n  remote: x\n"],
    [
      "beside its siblings, in their indentation",
      "dolt:\n    host: h # here\n\n# next\njson: true\n",
      "dolt.port",
      "3310",
      "dolt:\n    host: h # here\n    port: 3310\n\n# next\njson: true\n",
    ],
    [
      "in place of a value, with the comment kept",
      "json:   false  # why\nb: 1\n",
      "json",
      "true",
      "json:   true  # why\nb: 1\n",
    ],
    ["in place of no value", "actor:\nb: 1\n", "actor", "ann", "actor: ann\nb: 1\n"],
    ["under a dotted name", "sync.remote: a\n", "sync.remote", "b", "sync.remote: b\n"],
    ["in braces", "dolt: {host: a, port: 1}\n", "dolt.host", "b", "dolt: {host: b, port: 1}\n"],
    ["in place of a list", "a:\n  - x\n  - y\nb: 1\n", "a", "x,z", 'a: "x,z"\nb: 1\n'],
    ["in place of a block of text", "a: |\n  x\n  y\nb: 1\n", "a", "z", "a: z\nb: 1\n"],
    ["in quotes where it needs them", "", "actor", 'a: "b" #c', 'actor: "a: \\"b\\" #c"\n'],
    ["with a word that means null", "", "actor", "null", 'actor: "null"\n'],
    ["with line feeds", "", "actor", "a\nb", 'actor: "a\\nb"\n'],
  ])("writes a value %s", async (_title, before, key, value, after) => {
    expect(await textAfterSet(before, key, value)).toBe(after);
  });

  test("makes the file and its folder with the given mode", async () => {
    const path = join(temporaryFolder(), "bd", "config.yaml");

    await setYamlSetting(path, "actor", "ann", { mode: 0o600 });

    expect(readFileSync(path, "utf8")).toBe("actor: ann\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await readYamlSettings(path))?.entries.get("actor")?.value).toBe("ann");
  });

  test("leaves alone what it can't change without changing more", async () => {
    const text = "base: &b {host: h}\ndolt: *b\n";
    const path = file(text);

    const error = await bdErrorOf(() => setYamlSetting(path, "dolt.host", "x"));

    expect(error).toMatchObject({ kind: "config", code: "CONFIG_NOT_EDITABLE" });
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("leaves a broken file alone", async () => {
    const text = 'json: true\nactor: "an';
    const path = file(text);

    const error = await bdErrorOf(() => setYamlSetting(path, "json", "false"));

    expect(error).toMatchObject({ code: "CONFIG_INVALID", details: { path, line: 2 } });
    expect(readFileSync(path, "utf8")).toBe(text);
  });
});

describe("unsetYamlSetting", () => {
  test.each([
    ["with its line only", "# a\na: 1 # x\n# b\nb: 2\n", "a", "# a\n# b\nb: 2\n"],
    ["that is the last", "a: 1\n# b\nb: 2", "b", "a: 1\n# b\n"],
    ["of a section", "dolt:\n  host: h\n  port: 1\n", "dolt.host", "dolt:\n  port: 1\n"],
    ["with the section that it leaves empty", "a: 1\nx:\n  y:\n    z: 1\n# b\nb: 2\n", "x.y.z", "a: 1\n# b\nb: 2\n"],
    ["that is a list", "a:\n  - x\n  - y\n\n# b\nb: 2\n", "a", "\n# b\nb: 2\n"],
    ["that is text of several lines", "a: |\n  x\n  y\nb: 2\n", "a", "b: 2\n"],
    ["that is alone", "a: 1\n", "a", ""],
  ])("takes out a key %s", async (_title, before, key, after) => {
    expect(await textAfterUnset(before, key)).toBe(after);
  });

  test("says when the key is not there, and makes no file", async () => {
    const missing = join(temporaryFolder(), "config.yaml");

    expect(await unsetYamlSetting(file("a: 1\n"), "b")).toBe(false);
    expect(await unsetYamlSetting(file("a: 1\n"), "a")).toBe(true);
    expect(await unsetYamlSetting(missing, "a")).toBe(false);
    expect(existsSync(missing)).toBe(false);
  });

  test("leaves alone a line that holds more", async () => {
    const path = file("dolt: {host: a, port: 1}\n");

    const error = await bdErrorOf(() => unsetYamlSetting(path, "dolt.host"));

    expect(error.code).toBe("CONFIG_NOT_EDITABLE");
    expect(readFileSync(path, "utf8")).toBe("dolt: {host: a, port: 1}\n");
  });
});
