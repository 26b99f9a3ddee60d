import { expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { systemdObstacle, testMachine } from "../support/user-systemd.ts";

// `bd server install-unit` and its kin, beside a real user manager.

needs("systemd", systemdObstacle());

const UNIT = ".config/systemd/user/dolt-server.service";

test("install-unit writes units that systemd takes, says what to type next, and is content the second time", async () => {
  const machine = testMachine();
  const { stdout } = await machine.run(`
    bd server install-unit -q
    cd .config/systemd/user
    for unit in *.service *.timer; do systemd-analyze verify --user --recursive-errors=no "./$unit" 2>&1; done
    for unit in *.service; do systemd-analyze security --user --offline=true --threshold=80 "./$unit" >/dev/null; done
    bd server install-unit -q
    $(bd server install-unit --json | grep -o 'systemctl --user enable --now dolt-server')
    wait_for answers
    bd server install-unit --json | grep '"next"'
  `);
  const folder = `${machine.home}/.config/systemd/user`;
  const next = "\nNext:\n  systemctl --user enable --now dolt-server  # start it, now and at every login\n";
  const names = [
    "dolt-server.service",
    "bd-backup@.service",
    "bd-backup@.timer",
    "bd-daemon@.service",
    "bd-daemon@.socket",
    "bd-serve@.service",
  ];
  const listed = (word: string) => names.map((name) => `${word} ${folder}/${name}\n`).join("");
  expect(stdout).toBe(`${listed("✓ Wrote")}${next}${listed("  Unchanged:")}${next}  "next": [],\n`);
});

test("install-unit copes with whatever stands in a path", async () => {
  const machine = testMachine();
  const { stdout } = await machine.run(`
    odd='$x %h "q" \\b'
    mkdir 'dolt $x %h'
    ln -s /usr/local/bin/dolt 'dolt $x %h/dolt'
    export BEADS_DOLT_BIN='dolt $x %h/dolt' BEADS_DOLT_DATA_DIR="$HOME/data $odd"
    bd server install-unit --now --port 3317 --json | grep outcome
    systemd-analyze verify --user --recursive-errors=no ./${UNIT} 2>&1
    ls data*/.dolt/sql-server.info
    bd server status --port 3317 --json | grep -E '"(data_dir|dolt|dolt_exists|port)"'
    rm dolt*/dolt
    bd server status --port 3317 | grep gone
  `);
  const data = JSON.stringify(`${machine.home}/data $x %h "q" \\b`);
  const dolt = `${machine.home}/dolt $x %h/dolt`;
  expect(stdout.split("\n")).toEqual([
    '  "outcome": "started",',
    'data $x %h "q" \\b/.dolt/sql-server.info',
    `  "data_dir": ${data},`,
    '  "port": 3317,',
    `    "data_dir": ${data},`,
    `    "dolt": ${JSON.stringify(dolt)},`,
    '    "dolt_exists": true,',
    '    "port": 3317,',
    `    its dolt is gone: ${dolt} (bd server install-unit names the one there is)`,
    "",
  ]);
});

test("install-unit replaces its own unit and starts the server anew; what was changed by hand needs --force", async () => {
  const machine = testMachine();
  const { stdout } = await machine.run(`
    bd server install-unit --now -q >/dev/null
    first=$(systemctl --user show -P MainPID dolt-server)
    bd server install-unit --now -q --port 3308 | grep '^  [-+]ExecStart' | grep -o -- '--port 330.'
    [ "$first" != "$(systemctl --user show -P MainPID dolt-server)" ] && answers 3308 && echo anew
    echo 'LimitNOFILE=4096' >>${UNIT}
    cp ${UNIT} changed
    bd server install-unit --dry-run -q | grep -o "Would refuse\\|-LimitNOFILE=4096"
    echo "exit $(bd server install-unit --now --json >refusal; echo $?)" && grep '"code"' refusal
    cmp changed ${UNIT}
    echo "exit $(bd server uninstall-unit --json >refusal; echo $?)" && grep '"code"' refusal
    bd server install-unit --force -q >/dev/null
    cmp changed ${UNIT}.bak
    systemctl --user stop dolt-server
    bd server uninstall-unit >/dev/null
    find .config -type f
    [ -d .beads/dolt/.doltcfg ] && echo "the data is there"
    bd server uninstall-unit
  `);
  expect(stdout.split("\n")).toEqual([
    "--port 3307",
    "--port 3308",
    "anew",
    "Would refuse",
    "-LimitNOFILE=4096",
    "exit 1",
    '  "code": "UNIT_EDITED",',
    "exit 1",
    '  "code": "UNIT_EDITED",',
    `${UNIT}.bak`,
    "the data is there",
    "No unit of ours is installed; nothing was removed",
    "",
  ]);
});

test("uninstall-unit ends server and timers, and keeps what somebody else put there", async () => {
  const machine = testMachine();
  const { stdout } = await machine.run(`
    bd server install-unit --now -q >/dev/null
    mkdir shop ${UNIT}.d
    printf '[Service]\\nLimitNOFILE=4096\\n' >${UNIT}.d/override.conf
    systemctl --user enable --quiet --now "bd-backup@$(systemd-escape --path ~/shop).timer"
    bd server uninstall-unit -q | tail -n 2
    find .config -type f -o -type l
    systemctl --user list-units --all --no-legend 'dolt-server*' 'bd-backup@*' | wc -l
    answers || echo "nobody answers"
  `);
  const kept = `  Kept ${machine.home}/${UNIT}.d/override.conf, which is not ours, or was changed by hand
  Data: ${machine.home}/.beads/dolt (unchanged)
`;
  expect({ stdout }).toEqual({ stdout: `${kept}${UNIT}.d/override.conf\n0\nnobody answers\n` });
});

test("systemd and `bd server start` don't fight over one place", async () => {
  const { stdout } = await testMachine().run(`
    code() { grep -o '"code": "[A-Z_]*"\\|"outcome": "[a-z-]*"' || true; }
    bd server start >/dev/null
    bd server install-unit --now --json | code
    bd server install-unit --json | grep -A 2 '"next"'
    bd server stop -q >/dev/null
    bd server start --json | code
    HOME=/tmp dolt sql-server --port 3399 --data-dir "$HOME/.beads/dolt" >/dev/null 2>&1 &
    rival=$!
    wait_for answers 3399
    bd server install-unit --now --json | code
    kill "$rival"
    wait "$rival" || true
    bd server install-unit --now --json | code
    bd server start --json | code
    echo "exit $(bd server stop --json >refusal; echo $?)" && grep '"code"\\|"hint"' refusal
    echo "exit $(XDG_RUNTIME_DIR= bd server stop --json >refusal; echo $?)" && code <refusal
    bd server start --port 3309 --json | code
    BEADS_DOLT_DATA_DIR=$HOME/other bd server start --port 3309 --json | code
    BEADS_DOLT_DATA_DIR=$HOME/other bd server stop -q
    systemctl --user is-active dolt-server
  `);
  expect(stdout.split("\n")).toEqual([
    '"code": "OWN_SERVER_RUNS"',
    '  "next": [',
    '    "bd server stop",',
    '    "systemctl --user enable --now dolt-server"',
    '"code": "SERVER_IS_A_UNIT"',
    '"code": "DATA_DIR_TAKEN"',
    '"outcome": "started"',
    '"outcome": "already-running"',
    "exit 1",
    '  "code": "SERVER_IS_A_UNIT",',
    '  "hint": "systemctl --user stop dolt-server",',
    "exit 5",
    '"code": "DATA_DIR_TAKEN"',
    '"code": "SERVER_IS_A_UNIT"',
    '"outcome": "started"',
    expect.stringMatching(/^✓ Dolt server stopped \(PID \d+\)$/),
    "active",
    "",
  ]);
});

test("the quickstart says how to remove what the unit serves: never under a server that goes on", async () => {
  const machine = testMachine();
  const { stdout } = await machine.run(`
    bd server install-unit --now -q >/dev/null
    node ../project/scripts/quickstart.ts | grep -o '^  .*&& rm -rf [^ ]*'
  `);
  expect(stdout.split("\n")).toEqual([
    `  systemctl --user stop dolt-server && rm -rf '${machine.home}/.beads/demo'`,
    `  systemctl --user stop dolt-server && bd server uninstall-unit && rm -rf '${machine.home}/.beads'`,
    "",
  ]);
});

test("a unit that can't start is an error with the words of its journal", async () => {
  const machine = testMachine();
  // It lives for a moment, as dolt does: of what ends at once, journald may not learn whose words it hears.
  const dolt = "[ $1 = version ] && echo 'dolt version 1.83.2' && exit\necho no luck; sleep 1; exit 3";
  machine.write("bin/dolt", `#!/bin/sh\n${dolt}\n`, 0o755);
  const { stdout, stderr } = await machine.run(`
    BEADS_DOLT_BIN=~/bin/dolt bd server install-unit --now || echo "exit $?"
    wait_for eval 'bd server status >status; grep failing status'
    grep failing status
    bd server logs | grep -c "no luck"
  `);
  expect(stdout).toContain(
    "exit 5\n    enabled, failing, tried again every 5 s: journalctl --user -u dolt-server -n 20\n",
  );
  expect(stdout).toMatch(/\n[1-9]\d*\n$/);
  expect(stderr).toContain("Error: dolt-server.service ended before it answered, and systemd goes on trying");
  expect(stderr).toContain("\n  no luck\n");
  expect(stderr).toContain("Hint: bd server logs\n");
});

const PASSWORD = `it's "quoted" $HOME \\ back`;

test("with a password file the server pushes, and the password is to be seen nowhere", async () => {
  const machine = testMachine();
  machine.write("my secrets/50%", `${PASSWORD}\n`, 0o600);
  const { stdout, journal } = await machine.run(`
    export DOLT_REMOTE_USER=up
    mkdir remote
    (HOME=$PWD/remote DOLT_ROOT_PASSWORD=root exec dolt sql-server --no-auto-commit --port 3399 \\
      --remotesapi-port 8080 --data-dir "$PWD/remote" >remote/log 2>&1) &
    as_root() {
      HOME=$PWD/remote dolt --host 127.0.0.1 --port 3399 --user root --password root --no-tls sql -q "$1" >/dev/null
    }
    wait_for as_root 'select 1'
    as_root 'create database shop'
    as_root "create user up@'%' identified by 'it''s \\"quoted\\" \\$HOME \\\\\\\\ back'; grant all on *.* to up@'%'; commit"
    bd server install-unit --now -q >/dev/null
    mkdir shop && cd shop
    bd init --prefix shop -q
    bd create "Pushed" -q >/dev/null
    bd dolt remote add origin http://127.0.0.1:8080/shop -q >/dev/null
    bd dolt push -q --json | grep '"code"'
    bd server install-unit --now -q --remote-password-file "../my secrets/50%" >/dev/null
    bd dolt push -q | grep -o "Pushed to 'origin'"
    # Without the flag the drop-in stays as it is.
    bd server install-unit -q | grep -c Unchanged
    cd ~/.config/systemd/user
    systemd-analyze verify --user --recursive-errors=no ./dolt-server.service 2>&1
    systemd-analyze security --user --offline=true --threshold=80 ./dolt-server.service >/dev/null
    pid=$(systemctl --user show -P MainPID dolt-server)
    readlink "/proc/$pid/exe"
    { cat -r . 2>/dev/null || true; grep -r . .; systemctl --user show dolt-server; cat "/proc/$pid/cmdline"; } |
      tr -d '\\0' | grep -c quoted || true
    # systemd says what is wrong when the file has gone.
    mv ~/"my secrets/50%" ~/elsewhere
    systemctl --user restart dolt-server 2>/dev/null || echo "not started"
    mv ~/elsewhere ~/"my secrets/50%"
    wait_for answers
    bd server uninstall-unit -q | grep -c Removed
  `);
  expect(stdout.split("\n")).toEqual([
    '  "code": "REMOTE_CREDENTIALS_MISSING",',
    "Pushed to 'origin'",
    "7",
    "/usr/local/bin/dolt",
    "0",
    "not started",
    "7",
    "",
  ]);
  expect(journal).toContain("status=243/CREDENTIALS");
  expect(journal).not.toContain("quoted");
});

test("a password file that is missing, empty or everybody's is refused, and nothing is written", async () => {
  const machine = testMachine();
  machine.write("open", "secret", 0o644);
  machine.write("empty", "", 0o600);
  const { stdout } = await machine.run(`
    for file in open empty missing; do
      bd server install-unit --now --remote-password-file $file --json | grep -o '"code.*\\|"hint.*'
    done
    find .config 2>/dev/null | wc -l
  `);
  const refusal = (hint: string) => `"code": "REMOTE_PASSWORD_FILE",\n"hint": "${hint}",\n`;
  const help = "bd server install-unit --help";
  expect(stdout).toBe(`${refusal(`chmod 600 ${machine.home}/open`)}${refusal(help)}${refusal(help)}0\n`);
});

test("a drop-in with a command of its own is not undone by the one with the password, and status names it", async () => {
  const machine = testMachine();
  machine.write("password", "secret", 0o600);
  machine.write(`${UNIT}.d/override.conf`, "[Service]\nExecStart=\nExecStart=/usr/local/bin/dolt sql-server\n");
  const { stdout } = await machine.run(`
    bd server install-unit -q >/dev/null
    for flag in --now --dry-run; do
      bd server install-unit $flag --remote-password-file password --json | grep '"code"\\|"hint"'
    done
    find .config -name '*.conf'
    bd server status | grep 'changed by'
    bd server status --json | grep '"journal"\\|"log_file"\\|override.conf'
  `);
  const refusal = '  "code": "UNIT_COMMAND_TAKEN",\n  "hint": "systemctl --user cat dolt-server",';
  expect(stdout.split("\n")).toEqual([
    ...`${refusal}\n${refusal}`.split("\n"),
    `${UNIT}.d/override.conf`,
    `    changed by ${machine.home}/${UNIT}.d/override.conf`,
    `      "${machine.home}/${UNIT}.d/override.conf"`,
    '    "journal": "journalctl --user -u dolt-server -n 20",',
    "",
  ]);
});

test("status says whether the server outlives the login", async () => {
  const machine = testMachine();
  machine.write("../bin/loginctl", '#!/bin/sh\necho "$LINGER"\n', 0o755);
  const { stdout } = await machine.run(`
    export LINGER=no
    bd server install-unit --now -q | tail -n 1
    bd server status | tail -n 1
    LINGER=yes bd server status --json | grep linger
    LINGER=yes bd server install-unit --now -q | tail -n 1
  `);
  expect(stdout.split("\n")).toEqual([
    "  loginctl enable-linger  # keep it running after logout, and start it at boot",
    "    lingering is off, so it ends when you log out: loginctl enable-linger",
    '    "linger": true,',
    expect.stringMatching(/^✓ dolt-server\.service runs already \(PID \d+, 127\.0\.0\.1:3307\)$/),
    "",
  ]);
});
