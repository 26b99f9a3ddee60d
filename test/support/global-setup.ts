import type { TestProject } from "vitest/node";
import { startPrivateDolt } from "./private-dolt.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The port of the run's own dolt server on 127.0.0.1. */
    doltPort: number;
  }
}

/** One server for all database tests of a run; each test file makes databases of its own on it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPrivateDolt();
  project.provide("doltPort", server.port);
  return () => server.stop();
}
