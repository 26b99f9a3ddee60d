import { createConnection, type RowDataPacket } from "mysql2/promise";
import { GenericContainer, Network, type StartedNetwork, Wait } from "testcontainers";
import { inject } from "vitest";
import type { Endpoint } from "../../src/core/endpoint.ts";

export const ROOT_PASSWORD = "root's $password";

/** A network on which containers know one another by name. */
export type ContainerNetwork = StartedNetwork;

export interface DoltContainer {
  /** As root. */
  readonly endpoint: Endpoint;
  /** The rows of one statement. */
  sql(statement: string): Promise<Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

interface DoltContainerOptions {
  readonly network: ContainerNetwork;
  /** Under which the others on the network find it; one of its kind in the engine. */
  readonly name: string;
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The caller stops it. */
export async function startNetwork(): Promise<ContainerNetwork> {
  useEngine();
  return new Network().start();
}

/** A `dolt sql-server --no-auto-commit` of the compose file's image, on a free port of 127.0.0.1. The caller stops it. */
export async function startDoltContainer(options: DoltContainerOptions): Promise<DoltContainer> {
  const container = await new GenericContainer(useEngine())
    // Joined from its start: a private engine has no network by default that it could begin with.
    .withNetworkMode(options.network.getName())
    .withName(options.name)
    .withEnvironment({ DOLT_ROOT_HOST: "%", DOLT_ROOT_PASSWORD: ROOT_PASSWORD, ...options.env })
    .withCommand(["--no-auto-commit", ...(options.arguments ?? [])])
    .withExposedPorts(3306)
    .withWaitStrategy(Wait.forLogMessage(/Server ready/))
    .start();
  const endpoint: Endpoint = {
    host: "127.0.0.1",
    port: container.getMappedPort(3306),
    user: "root",
    password: ROOT_PASSWORD,
    tls: false,
  };
  return {
    endpoint,
    async sql(statement) {
      const { host, port, user } = endpoint;
      const connection = await createConnection({ host, port, user, password: ROOT_PASSWORD, dateStrings: true });
      try {
        const [rows] = await connection.query<RowDataPacket[]>(statement);
        return rows;
      } finally {
        await connection.end();
      }
    },
    stop: async () => void (await container.stop()),
  };
}

/** Points testcontainers to the run's engine; gives the image. */
function useEngine(): string {
  const containers = inject("containers");
  if (containers.obstacle !== undefined) throw new Error(containers.obstacle);
  process.env["DOCKER_HOST"] = containers.dockerHost;
  // Ports are published here, also where it takes this machine for a container.
  process.env["TESTCONTAINERS_HOST_OVERRIDE"] = "127.0.0.1";
  // The image of its cleaner can't be had everywhere.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  return containers.image;
}
