import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// The suffix of a test file says what it needs: nothing (`*.test.ts`), a real dolt server (`*.db.test.ts`), that server
// and the built `bd` (`*.e2e.test.ts`), a machine to install on (`*.deploy.test.ts`: systemd, nix, shells), or a container
// engine (`*.container.test.ts`), or minutes of a busy machine (`*.storm.test.ts`, which only `npm run test:storm` runs).
// What is needed is set up when a selected file needs it, and then once.
const NEVER = ["**/node_modules/**", "dist/**"];
const NEEDY = ["db", "e2e", "deploy", "container", "storm"].map((kind) => `test/**/*.${kind}.test.ts`);

/** Each has a server of its own beside it, and they take turns. */
const WORKERS = Math.min(availableParallelism(), 8);

const SETUP = { dolt: "setup-dolt", servers: "setup-servers", build: "setup-build", containers: "setup-containers" };
type Setup = keyof typeof SETUP;

/** Everything can be run on the built program, too. */
const PROGRAM: readonly Setup[] = process.env["BEADS_TEST_BD"] === "built" ? ["build"] : [];

interface Suite {
  readonly name: string;
  readonly setup: readonly Setup[];
  readonly timeout: number;
  readonly workers: number;
  /** Suites of one group share the workers. */
  readonly group: number;
}

function suite({ name, setup, timeout, workers, group }: Suite) {
  const isUnit = name === "unit";
  return {
    extends: true as const,
    test: {
      name,
      environment: "node",
      include: [isUnit ? "test/**/*.test.ts" : `test/**/*.${name}.test.ts`],
      exclude: isUnit ? [...NEVER, ...NEEDY] : NEVER,
      globalSetup: setup.map((part) => `test/support/${SETUP[part]}.ts`),
      maxWorkers: workers,
      testTimeout: timeout,
      hookTimeout: timeout,
      sequence: { groupOrder: group },
    },
  };
}

export default defineConfig({
  test: {
    pool: "forks",
    // A busy machine takes its time; what never comes is a failure then, too.
    expect: { poll: { timeout: 20_000 } },
    // What there is no snapshot of is a failure; `-u` writes it.
    update: "none",
    teardownTimeout: 30_000,
    projects: [
      suite({ name: "unit", setup: [], timeout: 20_000, workers: WORKERS, group: 0 }),
      suite({ name: "db", setup: ["dolt", "servers", ...PROGRAM], timeout: 120_000, workers: WORKERS, group: 0 }),
      suite({ name: "e2e", setup: ["dolt", "servers", "build"], timeout: 120_000, workers: WORKERS, group: 0 }),
      suite({ name: "deploy", setup: ["dolt", "build"], timeout: 120_000, workers: Math.min(WORKERS, 2), group: 1 }),
      suite({
        name: "container",
        setup: ["dolt", "containers", "build"],
        timeout: 180_000,
        workers: 1,
        group: 2,
      }),
      suite({
        name: "storm",
        setup: ["dolt", "servers", "build"],
        timeout: 2_700_000,
        workers: 1,
        group: 3,
      }),
    ],
  },
});
