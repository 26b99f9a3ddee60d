import { join } from "node:path";
import { lastLines, runTool } from "../../host/child-process.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { sayStillWorking } from "../still-working.ts";
import { MINIMUM_DOLT_VERSION } from "./dolt-version.ts";

export interface DoltBuild {
  /** Path of the `go` program. */
  readonly go: string;
  /** For sources, compiler cache and result: about 3 GB. The caller removes it. */
  readonly workDir: string;
}

/** The module version that is dolt 1.83.2; change it together with MINIMUM_DOLT_VERSION. */
const MODULE = "github.com/dolthub/dolt/go/cmd/dolt@v0.40.5-0.20260306010754-a1fdc83b8378";

// gms_pure_go spares ICU; the others let one static binary run on every Linux, in a container without files too.
const TAGS = "gms_pure_go,timetzdata,netgo,osusergo";
const STATIC_LINK = '-s -w -linkmode external -extldflags "-static"';
const PLAIN_LINK = "-s -w";
const SHOWN_LINES = 5;

/**
 * Builds the pinned module and returns the binary's path, or undefined, having said why, when Go could not. The
 * person's Go settings (GOPROXY and the like) apply; GOPATH and GOCACHE do not, so that their folders stay as they are.
 */
export async function buildDolt(environment: ServerEnvironment, build: DoltBuild): Promise<string | undefined> {
  environment.say(`Building dolt ${MINIMUM_DOLT_VERSION} with ${build.go}: 3 to 8 minutes, and 3 GB of disk meanwhile`);
  // The C library of macOS can't be linked statically, and a Linux may lack the static one.
  const links = environment.platform === "darwin" ? [PLAIN_LINK] : [STATIC_LINK, PLAIN_LINK];
  for (const link of links) {
    if (await goInstall(environment, build, link)) return join(build.workDir, "bin", "dolt");
  }
  return undefined;
}

async function goInstall(environment: ServerEnvironment, build: DoltBuild, link: string): Promise<boolean> {
  const running = runTool(environment, {
    path: build.go,
    args: ["install", "-tags", TAGS, "-ldflags", link, MODULE],
    env: {
      CGO_ENABLED: "1", // dolt's zstd needs it
      GOPATH: join(build.workDir, "gopath"),
      GOCACHE: join(build.workDir, "gocache"),
      GOBIN: join(build.workDir, "bin"),
      // Else the module cache is read-only and can't be removed.
      GOFLAGS: [environment.env.GOFLAGS, "-modcacherw"].filter(Boolean).join(" "),
    },
  });
  const result = await sayStillWorking(environment, "building dolt", running);
  if (result.kind === "ended" && result.exitCode === 0) return true;
  const reasons = result.kind === "ended" ? lastLines(result.stderr, SHOWN_LINES) : [result.reason];
  environment.say(`go install failed (${link === STATIC_LINK ? "static" : "plain"} build):`);
  for (const reason of reasons) environment.say(`  ${reason}`);
  return false;
}
