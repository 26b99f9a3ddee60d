import { Option } from "commander";
import { describe, expect, test } from "vitest";
import { canonicalLine, scanFlags } from "../../../src/cli/line/scan-flags.ts";

const OPTIONS = ["-q, --quiet", "-v, --verbose", "-C, --directory <dir>", "-p, --priority <level>", "--no-labels"];

function scan(line: readonly string[]) {
  const scanned = scanFlags(
    line,
    OPTIONS.map((flags) => new Option(flags)),
  );
  return { line: canonicalLine(scanned).join(" "), fault: scanned.fault };
}

describe("a line", () => {
  test.each([
    [["a", "-q", "b"], "--quiet -- a b"],
    [["-C", "dir", "x"], "--directory=dir -- x"],
    [["-Cdir", "x"], "--directory=dir -- x"],
    [["-C=dir"], "--directory=dir --"],
    [["--directory=dir"], "--directory=dir --"],
    [["--directory", "dir"], "--directory=dir --"],
    [["--directory="], "--directory= --"],
    [["-C="], "--directory= --"],
    [["-C", ""], "--directory= --"],
    [["-qC", "dir"], "--quiet --directory=dir --"],
    [["-qvCdir"], "--quiet --verbose --directory=dir --"],
    [["-qC=dir"], "--quiet --directory=dir --"],
    [["-C", "-q"], "--directory=-q --"],
    [["-C", "--"], "--directory=-- --"],
    [["-C=a=b"], "--directory=a=b --"],
    [["-p", "-"], "--priority=- --"],
    [["-p", "1", "-p2"], "--priority=1 --priority=2 --"],
    [["--quiet=true"], "--quiet --"],
    [["-q=1"], "--quiet --"],
    [["--quiet=false"], "--"],
    [["--quiet", "--quiet=F"], "--"],
    [["--quiet=false", "-q"], "--quiet --"],
    [["--no-labels=false"], "--"],
    [["-"], "-- -"],
    [["a", "--", "-q", "--quiet", "--"], "-- a -q --quiet --"],
    [["--nothing", "a"], "--nothing -- a"],
    [["--nothing=1"], "--nothing=1 --"],
    [["-qz"], "--quiet -z --"],
    [["-z=1"], "-z=1 --"],
    [[""], "-- "],
    [["--directory=two\nlines"], "--directory=two\nlines --"],
  ])("%j is read as it is meant", (line, canonical) => {
    expect(scan(line)).toEqual({ line: canonical, fault: undefined });
  });

  test.each([
    [["-C"], "option '-C, --directory <dir>' argument missing"],
    [["-qC"], "option '-C, --directory <dir>' argument missing"],
    [["--quiet=maybe"], "option '-q, --quiet' argument 'maybe' is invalid. expected true or false."],
    [["-q="], "option '-q, --quiet' argument '' is invalid. expected true or false."],
  ])("%j is refused", (line, fault) => {
    expect(scan(line).fault).toBe(fault);
  });
});
