import type { TestProject } from "vitest/node";
import {
  type ContainerEngine,
  obtainImage,
  runningEngine,
  serverImage,
  startPrivateEngine,
} from "./container-engine.ts";

/** What the tests with containers have to work with, or why they can't. */
export type Containers =
  | { readonly dockerHost: string; readonly image: string; readonly obstacle?: undefined }
  | { readonly obstacle: string };

declare module "vitest" {
  interface ProvidedContext {
    containers: Containers;
  }
}

/** One engine for all container tests of a run, with the server's image in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let engine: ContainerEngine | undefined;
  try {
    engine = runningEngine() ?? (await startPrivateEngine());
    const { dockerHost } = engine;
    const image = serverImage();
    const removeImage = obtainImage(dockerHost, image);
    project.provide("containers", { dockerHost, image });
    return async () => {
      removeImage();
      await engine?.stop();
    };
  } catch (error) {
    await engine?.stop();
    project.provide("containers", { obstacle: error instanceof Error ? error.message : String(error) });
    return async () => {};
  }
}
