import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { installShipped, type SystemdMachine, systemdObstacle, testMachine } from "../support/user-systemd.ts";

// The units as they are shipped, beside a real user manager. They work as they stand where dolt, bd and node are in
// /usr/local/bin, which on the test machine they are.

needs("systemd", systemdObstacle());

const UNITS = ".config/systemd/user";

/** What `systemctl --user enable` does, before there is a manager. */
function enable(machine: SystemdMachine, unit: string): void {
  const wants = join(machine.home, UNITS, "default.target.wants");
  mkdirSync(wants, { recursive: true });
  symlinkSync(`../${unit}`, join(wants, unit));
}

function serverMachine(): SystemdMachine {
  const machine = testMachine();
  installShipped(machine, "dolt-server.service");
  return machine;
}

test("the server starts with the user manager, makes its data folder for its owner alone, and ends in order", async () => {
  const machine = serverMachine();
  enable(machine, "dolt-server.service");

  const boot = await machine.run(`
    wait_for answers
    stat -c %a .beads .beads/dolt
    mkdir shop && cd shop
    bd init --prefix shop -q
    bd create "Kept" --id shop-kept -q >/dev/null
    systemctl --user stop dolt-server
    systemctl --user show -P ActiveState -P Result -P ExecMainStatus dolt-server
  `);
  expect(boot).toMatchObject({ stdout: "700\n700\nsuccess\n0\ninactive\n", stderr: "" });

  const nextBoot = await machine.run(`
    wait_for answers
    systemctl --user is-active dolt-server
    cd shop
    bd list --json
  `);
  expect(nextBoot.stdout).toMatch(/^active\n/);
  expect(nextBoot.stdout).toContain('"id": "shop-kept"');
});

test("a server that is killed is back within seconds, and no acknowledged write is lost", async () => {
  const { stdout, stderr } = await serverMachine().run(`
    systemctl --user start dolt-server
    wait_for answers
    mkdir shop && cd shop
    bd init --prefix shop -q
    lines() { cat acknowledged-* 2>/dev/null | wc -l; }
    more_than() { [ "$(lines)" -gt "$1" ]; }
    writer() {
      until [ -e enough ]; do
        bd q "issue of writer $1" >>"acknowledged-$1" 2>>failures
      done
    }
    for number in 1 2 3; do writer $number & done
    wait_for more_than 5
    kill -9 "$(systemctl --user show -P MainPID dolt-server)"
    wait_for eval '[ "$(systemctl --user show -P NRestarts dolt-server)" = 1 ]'
    wait_for answers
    wait_for more_than "$(($(lines) + 6))"
    touch enough
    wait
    bd list --all --limit 0 --json | grep -o '"id": "[^"]*"' | cut -d '"' -f 4 | sort >there
    sort acknowledged-* | comm -23 - there | sed 's/^/lost: /'
    systemctl --user show -P NRestarts dolt-server
  `);
  expect({ stdout, stderr }).toEqual({ stdout: "1\n", stderr: "" });
});

test("while another holds the port the unit fails visibly, and it recovers when the port is free", async () => {
  const { stdout } = await serverMachine().run(`
    node -e 'require("node:net").createServer(() => {}).listen(3307, "127.0.0.1")' &
    rival=$!
    wait_for answers
    systemctl --user start dolt-server
    wait_for eval 'bd server status >status; grep -q failing status'
    grep enabled status
    journalctl --user -u dolt-server -o cat | grep -o "Port 3307 already in use" | head -n 1
    kill "$rival"
    wait_for eval 'bd server status | grep "Dolt .* answers"'
    systemctl --user is-active dolt-server
  `);
  expect({ stdout }).toEqual({
    stdout:
      "    not enabled, failing, tried again every 5 s: journalctl --user -u dolt-server -n 20\nPort 3307 already in use\nactive\n",
  });
});

const NEIGHBOUR = `[Unit]
After=dolt-server.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
[Install]
WantedBy=default.target
`;

test("a unit beside it may order itself after it", async () => {
  const machine = serverMachine();
  machine.write(`${UNITS}/neighbour.service`, NEIGHBOUR);
  for (const unit of ["dolt-server.service", "neighbour.service"]) enable(machine, unit);

  const { stdout, journal } = await machine.run("systemctl --user is-active dolt-server neighbour");

  expect(stdout).toBe("active\nactive\n");
  expect(journal).not.toContain("ordering cycle");
});

test("with After=default.target, as is often written, systemd would drop one of the two", async () => {
  const machine = serverMachine();
  machine.write(`${UNITS}/neighbour.service`, NEIGHBOUR);
  machine.write(`${UNITS}/dolt-server.service.d/harmful.conf`, "[Unit]\nAfter=default.target\n");
  for (const unit of ["dolt-server.service", "neighbour.service"]) enable(machine, unit);

  expect((await machine.run("true")).journal).toContain("Found ordering cycle on");
});

test("the backup's timer makes the file, and again over an older one", async () => {
  const machine = serverMachine();
  for (const unit of ["bd-backup@.service", "bd-backup@.timer"]) installShipped(machine, unit);
  const { stdout, stderr } = await machine.run(`
    systemctl --user start dolt-server
    wait_for answers
    mkdir "a shop" && cd "a shop"
    bd init --prefix shop -q
    bd create "First" --id shop-first -q >/dev/null
    name=$(systemd-escape --path "$PWD")
    systemctl --user start "bd-backup@$name.service"
    bd create "Second" --id shop-second -q >/dev/null
    # As if the day were over: the timer runs its service at once.
    mkdir ~/${UNITS}/bd-backup@.timer.d
    printf '[Timer]\\nOnCalendar=\\nOnActiveSec=0\\nRandomizedDelaySec=0\\n' >~/${UNITS}/bd-backup@.timer.d/soon.conf
    systemctl --user daemon-reload
    systemctl --user enable --quiet --now "bd-backup@$name.timer"
    backup=~/.beads/backups/$name.jsonl
    wait_for grep -q shop-second "$backup"
    grep -c title "$backup"
    stat -c %a ~/.beads/backups "$backup"
    ls ~/.beads/backups | wc -l
    ls ~/${UNITS}/timers.target.wants | grep -c "^bd-backup@"
  `);
  expect({ stdout, stderr }).toEqual({ stdout: "2\n700\n600\n1\n1\n", stderr: "" });
});

test("a daemon is there from the start, or with the first command; both end, and leave no socket", async () => {
  const machine = serverMachine();
  for (const unit of ["bd-daemon@.service", "bd-daemon@.socket"]) installShipped(machine, unit);
  const { stdout, stderr } = await machine.run(`
    systemctl --user start dolt-server
    wait_for answers
    mkdir "a shop" && cd "a shop"
    bd init --prefix shop -q
    name=$(systemd-escape --path "$PWD")
    runs() { bd daemon status --json | grep -q '"running": true'; }
    systemctl --user enable --quiet --now "bd-daemon@$name.service"
    wait_for runs
    bd create "First" -q -v
    bd daemon status --json | grep -o '"mode": "[a-z]*"'
    systemctl --user disable --quiet --now "bd-daemon@$name.service"
    test -e .beads/bd.sock || echo "no socket"
    systemctl --user enable --quiet --now "bd-daemon@$name.socket"
    stat -c '%F %a' .beads/bd.sock
    systemctl --user is-active "bd-daemon@$name.service" || true
    bd list -q >/dev/null
    wait_for runs
    systemctl --user is-active "bd-daemon@$name.service"
    bd list -q -v
    bd daemon stop
    systemctl --user disable --quiet --now "bd-daemon@$name.socket" "bd-daemon@$name.service"
    test -e .beads/bd.sock || echo "no socket"
  `);
  expect(stderr).toBe("");
  expect(stdout.replace(/shop-\w+/g, "ID").replace(/PID \d+/, "PID N")).toBe(
    '✓ Created issue: ID — First\n  Priority: P2\n  Status: open\n"mode": "events"\nno socket\nsocket 600\ninactive\nactive\n○ ID  P2  First\n✓ Daemon stopped (PID N)\nno socket\n',
  );
});

test("the API is there from the start, for whoever shows the token, and ends in order", async () => {
  const machine = serverMachine();
  installShipped(machine, "bd-serve@.service");
  const { stdout, stderr } = await machine.run(`
    systemctl --user start dolt-server
    wait_for answers
    mkdir "a shop" && cd "a shop"
    bd init --prefix shop -q
    bd create "First" --id shop-1 -q >/dev/null
    name=$(systemd-escape --path "$PWD")
    systemctl --user enable --quiet --now "bd-serve@$name.service"
    ask() { node -e 'fetch("http://127.0.0.1:3380/api/issues/shop-1", { headers: { authorization: "Bearer " + process.argv[1] } }).then(async (r) => console.log(r.status, (await r.json()).title))' "$1" 2>/dev/null; }
    wait_for ask nothing >/dev/null
    ask nothing
    ask "$(cat ~/.local/state/beads/serve-token)"
    systemctl --user disable --quiet --now "bd-serve@$name.service"
    systemctl --user show -p Result "bd-serve@$name.service"
    ask nothing || echo gone
  `);
  expect({ stdout, stderr }).toEqual({ stdout: "401 undefined\n200 First\nResult=success\ngone\n", stderr: "" });
});

test("systemd has nothing to say against them", async () => {
  const machine = testMachine();
  for (const unit of ["dolt-server.service", "bd-backup@.service", "bd-backup@.timer"]) installShipped(machine, unit);
  for (const unit of ["bd-daemon@.service", "bd-daemon@.socket", "bd-serve@.service"]) installShipped(machine, unit);
  installShipped(machine, "remote-password.conf", "dolt-server.service.d/remote-password.conf");
  const { stdout, stderr } = await machine.run(`
    cd ${UNITS}
    for unit in *.service *.timer *.socket; do systemd-analyze verify --user --recursive-errors=no "./$unit"; done
    for unit in *.service; do
      systemd-analyze security --user --offline=true --threshold=80 "./$unit" >/dev/null
    done
  `);
  expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
});
