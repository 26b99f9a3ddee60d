import { defineConfig } from "vitest/config";

// The suffix of a test file says what it needs: nothing (`*.test.ts`), a real dolt server (`*.db.test.ts`), that server
// and the built `bd` (`*.e2e.test.ts`), a machine to install on (`*.deploy.test.ts`: systemd, nix, shells), or a container
// engine (`*.container.test.ts`). The server is started once per project by the global setup.
const NEVER = ["**/node_modules/**", "dist/**"];
const NEEDY = ["db", "e2e", "deploy", "container"].map((kind) => `test/**/*.${kind}.test.ts`);

export default defineConfig({
  test: {
    pool: "forks",
    teardownTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          environment: "node",
          include: ["test/**/*.test.ts"],
          exclude: [...NEVER, ...NEEDY],
          testTimeout: 20_000,
          hookTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "db",
          environment: "node",
          include: ["test/**/*.db.test.ts"],
          exclude: NEVER,
          globalSetup: ["test/support/global-setup.ts"],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          environment: "node",
          include: ["test/**/*.e2e.test.ts"],
          exclude: NEVER,
          globalSetup: ["test/support/global-setup.ts"],
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "deploy",
          environment: "node",
          include: ["test/**/*.deploy.test.ts"],
          exclude: NEVER,
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: "container",
          environment: "node",
          include: ["test/**/*.container.test.ts"],
          exclude: NEVER,
          globalSetup: ["test/support/container-global-setup.ts"],
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
