import { beforeEach } from "vitest";

/** What some tests need of the machine, beside Node, git and a dolt. */
export type Need = "containers" | "lefthook" | "nix" | "pre-commit" | "shells" | "systemd";

/**
 * Leaves the tests of the file or suite that calls it out where the machine lacks what they need: `obstacle` says what.
 * Where `BEADS_TEST_REQUIRE` lists the need (comma-separated, or `all`), they fail instead, so that a run that should
 * have everything can't go quiet. Returns whether the tests will run, for their own `beforeAll`.
 */
export function needs(need: Need, obstacle: string | undefined): boolean {
  if (obstacle === undefined) return true;
  beforeEach(({ skip }) => {
    if (isRequired(need)) throw new Error(`BEADS_TEST_REQUIRE asks for ${need}, but ${obstacle}`);
    skip(obstacle);
  });
  return false;
}

function isRequired(need: Need): boolean {
  const required = (process.env["BEADS_TEST_REQUIRE"] ?? "").split(",");
  return required.includes("all") || required.includes(need);
}
