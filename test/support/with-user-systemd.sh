#!/usr/bin/env bash
# Runs a command beside a real `systemd --user`, on a machine whose PID 1 need not be systemd. Needs root, util-linux,
# iproute2, systemd, dbus, and a cgroup2 file system mounted somewhere.
#
#   with-user-systemd.sh FOLDER COMMAND [ARGUMENT...]
#
# FOLDER/home becomes the home directory, FOLDER/bin hides /usr/local/bin, FOLDER/journal gets the journal. MOUNTS has
# lines `SOURCE TARGET`: what is to be seen elsewhere, before all else. Process, mount, cgroup and network name spaces
# are the command's own, /run and /var/log are empty, all ports are free, and everything that is started inside dies
# with it. Manager and command run as user 1234, which needs no account.
# Exit code: the command's; 77 and a reason on stderr when this machine can't do it.
set -euo pipefail

skip() { echo "$*" >&2; exit 77; }
[ "$(id -u)" = 0 ] || skip "a real user manager needs root"
for tool in unshare setpriv ip systemctl journalctl dbus-daemon; do
  command -v "$tool" >/dev/null || skip "the program $tool is missing"
done
[ -x /lib/systemd/systemd ] || skip "there is no /lib/systemd/systemd"
cgroups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$cgroups" ] || skip "no cgroup2 is mounted"
cgroup=$cgroups/bd-user-systemd-$$
mkdir "$cgroup" 2>/dev/null || skip "no cgroup can be made"
trap 'find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || true' EXIT

FOLDER=$(realpath "$1")
shift
export FOLDER MOUNTS="${MOUNTS:-}"
# shellcheck disable=SC2317 # called by the inner bash
inside() {
  set -e
  ip link set lo up
  while read -r source target; do
    [ -z "$source" ] || mount --bind "$source" "$target"
  done <<<"$MOUNTS"
  mount --rbind "$FOLDER/bin" /usr/local/bin
  mount -t cgroup2 none /sys/fs/cgroup
  mount -t tmpfs -o mode=755 tmpfs /run
  mount -t tmpfs -o mode=755 tmpfs /var/log
  runtime=/run/user/1234
  mkdir -p /run/systemd/{system,unit-root,mount-rootfs,propagate,incoming,journal,journald.conf.d} /var/log/journal "$runtime"
  printf '[Journal]\nStorage=persistent\nAudit=no\nReadKMsg=no\nForwardToSyslog=no\nForwardToWall=no\n' \
    >/run/systemd/journald.conf.d/bd.conf
  touch /run/systemd/journal/flushed # else it waits in /run, where people can't read their own journal
  /lib/systemd/systemd-journald >/dev/null 2>&1 &
  for _ in $(seq 100); do
    [ -S /run/systemd/journal/stdout ] && break
    sleep 0.05
  done
  # As logind has it: by this path, journald knows whose unit a process belongs to.
  service=/sys/fs/cgroup/user.slice/user-1234.slice/user@1234.service
  mkdir -p "$service"
  chown -R 1234:1234 /sys/fs/cgroup "$runtime" "$FOLDER/home"
  chmod 700 "$runtime"
  (
    echo "$BASHPID" >"$service/cgroup.procs"
    as_user /lib/systemd/systemd --user --unit=default.target --log-target=journal >/dev/null 2>&1
  ) &
  manager=$!
  for _ in $(seq 200); do
    case $(as_user systemctl --user is-system-running 2>/dev/null) in running | degraded) break ;; esac
    kill -0 "$manager" 2>/dev/null || skip "the user manager does not start"
    sleep 0.05
  done
  cd "$FOLDER/home"
  code=0
  as_user "$@" || code=$?
  as_user systemctl --user exit >/dev/null 2>&1 || true
  journalctl --sync >/dev/null 2>&1 || true
  journalctl -q --no-pager -o cat --output-fields=MESSAGE >"$FOLDER/journal" 2>/dev/null || true
  exit "$code"
}
# shellcheck disable=SC2317
as_user() {
  setpriv --reuid=1234 --regid=1234 --clear-groups --inh-caps=-all env -i PATH=/usr/local/bin:/usr/bin:/bin \
    HOME="$FOLDER/home" XDG_RUNTIME_DIR=/run/user/1234 USER=ann TZ=UTC TERM=dumb "$@"
}
export -f inside as_user skip

code=0
(
  echo "$BASHPID" >"$cgroup/cgroup.procs"
  exec unshare --mount --propagation private --cgroup --pid --net --fork --kill-child --mount-proc \
    bash -c 'inside "$@"' with-user-systemd "$@"
) || code=$?
exit "$code"
