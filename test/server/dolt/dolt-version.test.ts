import { describe, expect, it } from "vitest";
import { compareVersions, isSupportedDolt, parseDoltVersion } from "../../../src/server/dolt/dolt-version.ts";

describe("dolt versions", () => {
  it("are read from the first line, whatever dolt warns about behind it", () => {
    expect(parseDoltVersion("dolt version 1.83.2\nWarning: you are on an old version of Dolt.\n")).toBe("1.83.2");
  });

  it.each(["", "git version 2.39.5", "version 1.83.2"])("are not read from %j", (output) => {
    expect(parseDoltVersion(output)).toBeUndefined();
  });

  it("are compared by number and not by letter", () => {
    expect(["1.9.10", "1.83.2", "1.83.10", "2.0.0", "1.9.2"].toSorted(compareVersions)).toEqual([
      "1.9.2",
      "1.9.10",
      "1.83.2",
      "1.83.10",
      "2.0.0",
    ]);
  });

  it.each([
    ["1.83.1", false],
    ["1.9.9", false],
    ["1.83.2", true],
    ["1.84.0", true],
    ["2.0.0", true],
  ])("%s is supported: %s", (version, supported) => {
    expect(isSupportedDolt(version)).toBe(supported);
  });
});
