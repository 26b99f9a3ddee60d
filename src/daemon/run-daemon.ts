import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { dirname } from "node:path";
import { type App, openApp } from "../app/app.ts";
import type { ProcessFacts } from "../cli/env.ts";
import { makeEnv } from "../cli/env.ts";
import type { DaemonOptions, Place } from "../ops/caller.ts";
import type { DaemonStatus } from "../ops/daemon/status.ts";
import { HTTP_SESSION } from "../ops/serve/serve.ts";
import { versionOf } from "../ops/version.ts";
import { passwordProof } from "../rpc/password-proof.ts";
import { type Greeting, PROTOCOL } from "../rpc/protocol.ts";
import { loginVariables } from "../rpc/shared-variables.ts";
import { checkHealth } from "./check-health.ts";
import { type Claimant, type ClaimedSocket, claimSocket } from "./claim-socket.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { type DaemonLog, openLog } from "./daemon-log.ts";
import { describeDaemon } from "./describe-daemon.ts";
import { FederationSide } from "./federation-side.ts";
import { FileSide } from "./file-side.ts";
import { FileSync } from "./file-sync.ts";
import { programIdentity } from "./program-identity.ts";
import { callerFrom, runCall } from "./run-call.ts";
import { runLine } from "./run-line.ts";
import { serveBeside } from "./serve-beside.ts";
import { type ProgramCall, type Running, type Service, serveConnection } from "./serve-connection.ts";
import { Statistics } from "./statistics.ts";
import { TrackerSide } from "./tracker-side.ts";

/** What a daemon needs of its process. */
export interface DaemonProcess extends Claimant {
  readonly facts: ProcessFacts;
  /** Memory in use, in bytes. */
  memory(): number;
}

/** Warm connections to one database that wait for the next request. */
const IDLE_SESSIONS = 4;

/** How long what runs may take to end when the daemon is told to. */
const STOP_MS = 5000;

const HEALTH_MS = 60_000;
/** A workspace that was moved or removed, and a socket that another one has, are seen within that. */
const PRESENCE_MS = 5000;

/** Serves a workspace until it is told to end, has nothing to do, or is not wanted any more. Throws as `claimSocket`. */
export async function runDaemon(host: DaemonProcess, options: DaemonOptions): Promise<void> {
  const daemon = new Daemon(host, options);
  await daemon.run();
}

class Daemon {
  readonly #host: DaemonProcess;
  readonly #options: DaemonOptions;
  readonly #app: App;
  readonly #env;
  readonly #log: DaemonLog;
  readonly #statistics = new Statistics();
  readonly #running = new Set<Running>();
  readonly #started: Date;
  readonly #program: string | undefined;
  readonly #files: FileSide;
  readonly #federation: FederationSide | undefined;
  readonly #tracker: TrackerSide | undefined;
  readonly #leaving = new AbortController();
  #lastUse: number;
  #lastTidy = 0;

  constructor(host: DaemonProcess, options: DaemonOptions) {
    this.#host = host;
    this.#options = options;
    this.#env = makeEnv(host.facts);
    const { machine } = this.#env;
    this.#app = openApp(machine, {
      idleSessions: IDLE_SESSIONS,
      onChange: () => {
        this.#files.mutated();
        this.#federation?.mutated();
      },
    });
    this.#log = openLog(options.beadsDir, machine.clock);
    this.#started = machine.clock();
    this.#lastUse = machine.timing.now();
    this.#program = programIdentity(host.facts.packageRoot);
    const onTrouble = (why: string) => this.#log.write(why);
    if (options.roundMs !== undefined) {
      this.#federation = new FederationSide({
        app: this.#app,
        caller: callerFrom(this.#place, {}),
        intervalMs: options.roundMs,
        onTrouble: (why) => onTrouble(`federation: ${why}`),
      });
    }
    if (options.mirrors) {
      const caller = callerFrom(this.#place, {});
      this.#tracker = new TrackerSide({ app: this.#app, caller, say: (line) => onTrouble(`tracker: ${line}`) });
    }
    this.#files = new FileSide({
      options,
      statistics: this.#statistics,
      timing: machine.timing,
      env: this.#env.place.env,
      onTrouble,
      sync: new FileSync({
        app: this.#app,
        caller: callerFrom(this.#place, {}),
        onTrouble: (why) => onTrouble(`sync: ${why}`),
        onDone: () => (this.#statistics.lastSync = machine.clock()),
      }),
    });
  }

  async run(): Promise<void> {
    const socket = await claimSocket(this.#options.beadsDir, this.#host);
    const service = this.#service();
    const clients = new Set<Socket>();
    socket.server.on("connection", (client) => {
      clients.add(client.once("close", () => clients.delete(client)));
      serveConnection(client, service);
    });
    this.#log.write(`started (PID ${this.#host.pid}, ${this.#options.mode} mode)`);
    await this.#files.begin();
    this.#federation?.begin();
    this.#tracker?.begin();
    const http = await serveBeside(this.#options.http, {
      app: this.#app,
      caller: callerFrom(this.#place, { session: HTTP_SESSION }),
      version: versionOf(this.#host.facts.packageRoot),
      say: (line) => this.#log.write(line),
    });
    const why = await this.#untilItLeaves(socket);
    socket.release();
    await Promise.all([this.#finish(), this.#federation?.end(), this.#tracker?.end(), http?.stop()]);
    const waited = await this.#files.end();
    for (const client of clients) client.end();
    this.#app.close();
    this.#log.write(`ended: ${why}; ${waited}`);
  }

  #service(): Service {
    const { facts, pid } = this.#host;
    const version = versionOf(facts.packageRoot);
    const salt = randomBytes(16).toString("hex");
    const login = loginVariables(facts.env);
    const proof = passwordProof(salt, login);
    const umask = this.#host.umask(0o022);
    this.#host.umask(umask);
    const greeting: Greeting = {
      protocol: PROTOCOL,
      version,
      pid,
      program: facts.packageRoot,
      workspace: this.#options.beadsDir,
      umask,
      salt,
    };
    const house = {
      app: this.#app,
      facts: { ...facts, env: undefined, direct: undefined, lost: undefined },
      home: facts.home,
      zone: facts.zone,
    };
    return {
      greeting,
      line: (line, channel) => {
        const why = this.#refusal() ?? (line.password === undefined || line.password === proof ? undefined : LOGIN);
        if (why !== undefined) return this.#handBack(why, channel);
        const secrets = line.password === undefined ? {} : login;
        const hearing = {
          ...channel,
          send: (frame: object) => {
            if ("direct" in frame) this.#statistics.wentDirect(String(frame.direct));
            channel.send(frame);
          },
        };
        return this.#track(runLine(line, { ...house, secrets }, hearing));
      },
      call: (call, channel) => {
        if (!call.op.startsWith("daemon.")) {
          return this.#track(runCall(call, { app: this.#app, place: this.#place }, channel));
        }
        channel.send({ kind: "result", payload: this.#own(call), failures: [] });
        return OVER;
      },
    };
  }

  /** Why nothing is taken any more. */
  #refusal(): string | undefined {
    if (this.#leaving.signal.aborted) return "the daemon is ending";
    if (programIdentity(this.#host.facts.packageRoot) === this.#program) return undefined;
    this.#leaving.abort("bd was replaced by another version");
    return "bd was replaced since the daemon began";
  }

  #handBack(why: string, channel: { send(frame: object): void }): Running {
    this.#statistics.wentDirect(why);
    channel.send({ direct: why });
    return OVER;
  }

  /** Where the daemon itself stands: in its workspace. */
  get #place(): Place {
    return { ...this.#env.place, cwd: dirname(this.#options.beadsDir) };
  }

  /** What is asked of the daemon itself. */
  #own({ op, input }: ProgramCall): unknown {
    if (op === "daemon.stop") this.#leaving.abort("told to");
    if (op === "daemon.event") this.#tell(input);
    return this.#status();
  }

  #tell(input: unknown): void {
    const { event } = typeof input === "object" && input !== null && "event" in input ? input : {};
    if (event === "import-needed") this.#files.changed();
    if (event === "export-needed") this.#app.tell();
    if (event === "tracker-changed") this.#app.wake();
  }

  #status(): DaemonStatus {
    return describeDaemon({
      version: versionOf(this.#host.facts.packageRoot),
      pid: this.#host.pid,
      options: this.#options,
      started: this.#started,
      now: this.#env.machine.clock(),
      logPath: this.#log.path,
      running: this.#running.size,
      memory: this.#host.memory(),
      statistics: this.#statistics,
      watching: this.#files.watching,
      lastRound: this.#federation?.last,
      mirrored: this.#tracker?.last,
    });
  }

  #track(running: Running): Running {
    const { timing } = this.#env.machine;
    const began = timing.now();
    this.#statistics.requests += 1;
    this.#running.add(running);
    void running.done.then(() => {
      this.#running.delete(running);
      this.#lastUse = timing.now();
      this.#statistics.took(this.#lastUse - began);
    });
    return running;
  }

  /** Gives the reason. */
  async #untilItLeaves(socket: ClaimedSocket): Promise<string> {
    const { timing } = this.#env.machine;
    const { signal } = this.#host.facts;
    const { idleExitMs = Number.POSITIVE_INFINITY } = this.#options;
    const told = AbortSignal.any([signal, this.#leaving.signal]);
    let looked = timing.now();
    for (;;) {
      const idleLeft = this.#running.size > 0 ? idleExitMs : this.#lastUse + idleExitMs - timing.now();
      if (idleLeft <= 0) return "nothing to do";
      try {
        await timing.sleep(Math.min(PRESENCE_MS, idleLeft), told);
      } catch {
        return signal.aborted ? "told to" : String(this.#leaving.signal.reason);
      }
      if (!socket.isOurs()) return "its socket is gone, or another daemon's";
      if (timing.now() - looked < HEALTH_MS) continue;
      looked = timing.now();
      await this.#look();
    }
  }

  /** Looks after itself while nobody waits, and says when something is wrong that was right before. */
  async #look(): Promise<void> {
    if (this.#running.size === 0 && this.#lastUse > this.#lastTidy) {
      collectGarbage();
      this.#lastTidy = this.#env.machine.timing.now();
    }
    const before = this.#statistics.lastHealth?.database ?? "ok";
    const health = await checkHealth(this.#app, callerFrom(this.#place, {}), this.#options.beadsDir);
    this.#statistics.lastHealth = health;
    if (health.database !== before) this.#log.write(`database: ${health.database}`);
  }

  /** Lets what runs end; after a while, it is interrupted. */
  async #finish(): Promise<void> {
    const all = () => Promise.all([...this.#running].map(({ done }) => done));
    const { timing } = this.#env.machine;
    const never = new AbortController().signal;
    await Promise.race([all(), timing.sleep(STOP_MS, never)]);
    for (const running of this.#running) running.cancel();
    await Promise.race([all(), timing.sleep(STOP_MS, never)]);
  }
}

const OVER: Running = { done: Promise.resolve(), cancel: () => {}, stdin: () => {} };

const LOGIN = "the daemon was started with another password";
