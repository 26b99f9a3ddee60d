import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { ENVIRONMENT_D, evaluateHome, missingProgram, nixFixtures, SESSION, UNIT } from "../support/nix.ts";

needs("nix", missingProgram("nix-instantiate"));

const SHELLS = "programs = { bash.enable = true; zsh.enable = true; fish.enable = true; };";

/** A person's configuration: what stands in `CUSTOM.programs.beads`, and beside it. */
const withBeads = (beads: string, beside = "") =>
  `{ CUSTOM.programs.beads = { enable = true; ${beads} }; ${SHELLS} ${beside} }`;

describe("bd", () => {
  test("leaves everything alone until it is enabled", async () => {
    expect(await evaluateHome({ settings: `{ ${SHELLS} }` })).toEqual({
      files: { ".bashrc": "", ".zshrc": "", ".config/fish/config.fish": "", [SESSION]: "", [ENVIRONMENT_D]: "" },
      packages: [],
      secrets: {},
      warnings: [],
      failed: [],
      dataDir: "/home/alice/.beads/dolt",
    });
  });

  test("is installed with a server, and needs no variable for what it takes anyway", async () => {
    const home = await evaluateHome({ settings: withBeads("") });

    expect(home.packages).toEqual(expect.arrayContaining(["/nix/store/beads", "/nix/store/dolt"]));
    expect(home.packages).toHaveLength(2);
    expect(home.files[UNIT]).toContain("WantedBy=default.target");
    expect([home.files[SESSION], home.files[ENVIRONMENT_D], home.files[".bashrc"]]).toEqual(["", "", ""]);
    expect([home.failed, home.warnings, home.secrets]).toEqual([[], [], {}]);
  });

  test("has a daemon for each workspace that is named, and for no other", async () => {
    const home = await evaluateHome({
      settings: withBeads('daemon.workspaces = [ "/home/alice/a 100% shop" "/srv/b" ];'),
    });

    const units = Object.entries(home.files).filter(([path]) => path.includes("bd-daemon-"));
    expect(units).toHaveLength(2);
    const [unit = ""] = units.flatMap(([, text]) => (text.includes("100%") ? [text] : []));
    expect(unit).toContain("WorkingDirectory=/home/alice/a 100%% shop\n");
    expect(unit).toContain("ExecStart=/nix/store/beads/bin/bd daemon start --foreground\n");
    expect(unit).toContain("WantedBy=default.target");
    expect(unit).not.toContain("EnvironmentFile");
    const told = await evaluateHome({
      settings: withBeads('daemon = { workspaces = [ "/srv/b" ]; environmentFile = "/home/alice/50%.env"; };'),
    });
    expect(Object.entries(told.files).find(([path]) => path.includes("bd-daemon-"))?.[1]).toContain(
      "EnvironmentFile=/home/alice/50%%.env\n",
    );
    const wrong = await evaluateHome({ settings: withBeads('daemon.workspaces = [ "shop" ];') });
    expect(wrong.failed).toEqual(["CUSTOM.programs.beads.daemon.workspaces must be absolute paths."]);
  });

  test("can do without the server", async () => {
    const home = await evaluateHome({
      settings: withBeads("", "CUSTOM.services.dolt-server.enable = false;"),
    });

    expect(home.files[UNIT]).toBeUndefined();
    expect(home.packages).toEqual(["/nix/store/beads"]);
  });

  test("is told of another host, port and user, in the shell and in the session, whoever runs that server", async () => {
    const server = 'host = "db.example.test"; port = 3310; user = "ann";';
    const home = await evaluateHome({
      settings: withBeads("", `CUSTOM.services.dolt-server = { enable = false; ${server} };`),
    });

    expect(home.files[SESSION]).toBe(
      'export BEADS_DOLT_SERVER_HOST="db.example.test"\nexport BEADS_DOLT_SERVER_PORT="3310"\nexport BEADS_DOLT_SERVER_USER="ann"\n',
    );
    expect(home.files[ENVIRONMENT_D]).toBe(
      'BEADS_DOLT_SERVER_HOST="db.example.test"\nBEADS_DOLT_SERVER_PORT="3310"\nBEADS_DOLT_SERVER_USER="ann"\n',
    );
  });

  test("goes with a configuration that copies the session's variables itself", async () => {
    const home = await evaluateHome({
      settings: `{ config, ... }: {
        CUSTOM.programs.beads = { enable = true; federation.remoteUser = "bob"; };
        systemd.user.sessionVariables = config.home.sessionVariables;
      }`,
    });

    expect(home.files[ENVIRONMENT_D]).toBe("DOLT_REMOTE_USER=bob\n");
  });

  test.each([
    ["0.0.0.0", ""],
    ["::", 'export BEADS_DOLT_SERVER_HOST="::1"\n'],
    ["localhost", 'export BEADS_DOLT_SERVER_HOST="localhost"\n'],
  ])("connects to its own machine when the server listens on %s", async (host, variables) => {
    const home = await evaluateHome({ settings: withBeads("", `CUSTOM.services.dolt-server.host = "${host}";`) });

    expect(home.files[SESSION]).toBe(variables);
    expect(home.files[UNIT]).toContain(`--host "${host}"`);
  });

  test("warns where the overlay is missing, since nixpkgs has another program of its name", async () => {
    const home = await evaluateHome({ settings: withBeads(""), withOverlay: false });

    expect(home.warnings).toEqual([
      "CUSTOM.programs.beads installs pkgs.beads, which is another program here:\napply overlays.default of bd's flake.",
    ]);
  });

  test("refuses an option that does not exist, and a value of another type", async () => {
    await expect(evaluateHome({ settings: withBeads("federation.remotePassword = 1;") })).rejects.toThrow(
      "The option `CUSTOM.programs.beads.federation.remotePassword' does not exist",
    );
    await expect(evaluateHome({ settings: withBeads("federation.remoteUser = 1;") })).rejects.toThrow(
      "is not of type `null or string'",
    );
  });

  test("can be imported as one module, in parts, and twice", async () => {
    const nix = join(nixFixtures, "../../../nix/home-manager");
    const whole = await evaluateHome({ settings: withBeads("") });

    expect(await evaluateHome({ settings: withBeads(""), modules: `[ ${nix}/beads.nix ]` })).toEqual(whole);
    expect(
      await evaluateHome({ settings: withBeads(""), modules: `[ ${nix} ${nix}/dolt-server.nix ${nix}/beads.nix ]` }),
    ).toEqual(whole);
  });
});

describe("the remote password", () => {
  const file = 'federation = { remoteUser = "bob"; remotePasswordFile = "/run/pass word"; };';
  const posix = [
    'if [ -f "/run/pass word" ] && [ -r "/run/pass word" ]; then',
    '  DOLT_REMOTE_PASSWORD="$(command cat "/run/pass word")"',
    "  export DOLT_REMOTE_PASSWORD",
    "fi",
    "",
  ].join("\n");

  test("is read from a file by each interactive shell, and its path is in the session", async () => {
    const home = await evaluateHome({ settings: withBeads(file) });

    expect(home.files).toEqual({
      ".bashrc": posix,
      ".zshrc": posix,
      ".config/fish/config.fish": [
        'if test -f "/run/pass word"; and test -r "/run/pass word"',
        '  set -gx DOLT_REMOTE_PASSWORD (command cat "/run/pass word" | string collect)',
        "end",
        "",
      ].join("\n"),
      [SESSION]: 'export DOLT_REMOTE_PASSWORD_FILE="/run/pass word"\nexport DOLT_REMOTE_USER="bob"\n',
      [ENVIRONMENT_D]: 'DOLT_REMOTE_PASSWORD_FILE="/run/pass word"\nDOLT_REMOTE_USER="bob"\n',
      [UNIT]: expect.not.stringMatching(/pass word|bob/),
    });
    expect([home.failed, home.warnings]).toEqual([[], []]);
  });

  test("is read by zsh in a Home Manager that has initExtra only", async () => {
    const home = await evaluateHome({ settings: withBeads(file), withOldZsh: true });

    expect(home.files[".zshrc"]).toBe(posix);
  });

  test("may be without a user, with a warning", async () => {
    const home = await evaluateHome({ settings: withBeads('federation.remotePasswordFile = "/run/pw";') });

    expect(home.files[SESSION]).toBe('export DOLT_REMOTE_PASSWORD_FILE="/run/pw"\n');
    expect(home.warnings).toEqual([
      "CUSTOM.programs.beads.federation has a password and no remoteUser:\nbd can't push until DOLT_REMOTE_USER is set.",
    ]);
  });

  test("may be missing where there is a user", async () => {
    const home = await evaluateHome({ settings: withBeads('federation.remoteUser = "bob";') });

    expect(home.files[SESSION]).toBe('export DOLT_REMOTE_USER="bob"\n');
    expect([home.files[".bashrc"], home.warnings]).toEqual(["", []]);
  });

  test("goes to the hosts that the person names, in the shell and in the session", async () => {
    const hosts = 'federation = { remoteUser = "bob"; hosts = [ "tracker.example.org" "http://10.0.0.7:8080" ]; };';
    const home = await evaluateHome({ settings: withBeads(hosts) });

    const line = 'BD_FEDERATION_HOSTS="tracker.example.org,http://10.0.0.7:8080"';
    expect(home.files[SESSION]).toBe(`export ${line}\nexport DOLT_REMOTE_USER="bob"\n`);
    expect(home.files[ENVIRONMENT_D]).toBe(`${line}\nDOLT_REMOTE_USER="bob"\n`);
  });

  test.each([
    ["a path without quotes", `${nixFixtures}/modules.nix`],
    ["a path in the store", '"/nix/store/11111111111111111111111111111111-password"'],
  ])("is refused in the store: %s", async (_what, value) => {
    const { failed } = await evaluateHome({ settings: withBeads(`federation.remotePasswordFile = ${value};`) });

    expect(failed).toEqual([
      "CUSTOM.programs.beads.federation.remotePasswordFile would get into the Nix store, where everybody can read\n" +
        "it. Write the path in quotes, and keep the file out of your configuration.",
    ]);
  });

  test("must be an absolute path", async () => {
    await expect(evaluateHome({ settings: withBeads('federation.remotePasswordFile = "~/pw";') })).rejects.toThrow(
      "is not of type `null or absolute path'",
    );
  });
});

describe("the remote password from sops-nix", () => {
  const secrets =
    'federation.remoteUser = "bob"; federation.secrets = { enable = true; sopsFile = "/etc/secrets.yaml"; ';

  test("is asked of sops-nix under its key, and read where sops-nix puts it", async () => {
    const home = await evaluateHome({ settings: withBeads(`${secrets} };`), withSops: true });

    const path = "/home/alice/.config/sops-nix/secrets/dolt_remote_password";
    expect(home.secrets).toEqual({ dolt_remote_password: { path, sopsFile: "/etc/secrets.yaml" } });
    expect(home.files[".bashrc"]).toContain(`DOLT_REMOTE_PASSWORD="$(command cat "${path}")"`);
    expect(home.files[SESSION]).toContain(`export DOLT_REMOTE_PASSWORD_FILE="${path}"\n`);
    expect(home.failed).toEqual([]);
  });

  test("may have another key", async () => {
    const home = await evaluateHome({
      settings: withBeads(`${secrets} remotePasswordKey = "team/bd"; };`),
      withSops: true,
    });

    expect(home.files[ENVIRONMENT_D]).toContain(
      'DOLT_REMOTE_PASSWORD_FILE="/home/alice/.config/sops-nix/secrets/team/bd"\n',
    );
  });

  test("is found below the login's folder, which sops-nix writes as %r", async () => {
    const home = await evaluateHome({
      settings: withBeads(`${secrets} };`, 'sops.secrets.dolt_remote_password.path = "%r/bd$1";'),
      withSops: true,
    });

    expect(home.files[SESSION]).toContain(String.raw`export DOLT_REMOTE_PASSWORD_FILE="$XDG_RUNTIME_DIR/bd\$1"`);
    expect(home.files[ENVIRONMENT_D]).toContain('DOLT_REMOTE_PASSWORD_FILE="${XDG_RUNTIME_DIR}/bd$$1"');
    expect(home.files[".zshrc"]).toContain(String.raw`cat "$XDG_RUNTIME_DIR/bd\$1"`);
    expect(home.files[".config/fish/config.fish"]).toContain(String.raw`cat "$XDG_RUNTIME_DIR/bd\$1"`);
  });

  test("leaves sops-nix alone while it is not enabled", async () => {
    const home = await evaluateHome({ settings: withBeads(""), withSops: true });

    expect([home.secrets, home.failed]).toEqual([{}, []]);
  });

  test("says what to import where sops-nix is missing", async () => {
    const home = await evaluateHome({ settings: withBeads(`${secrets} };`) });

    expect(home.failed).toEqual([
      "CUSTOM.programs.beads.federation.secrets.enable needs sops-nix. Add its Home Manager module to your imports:\n" +
        "inputs.sops-nix.homeModules.sops (homeManagerModules.sops in older versions).",
    ]);
  });

  test("does not go with a file", async () => {
    const home = await evaluateHome({
      settings: withBeads(`federation.remotePasswordFile = "/run/pw"; ${secrets} };`),
      withSops: true,
    });

    expect(home.failed).toEqual([
      "CUSTOM.programs.beads.federation: the password comes either from remotePasswordFile or from secrets.\n" +
        "Remove one of them.",
    ]);
  });
});
