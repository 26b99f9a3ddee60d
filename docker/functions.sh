# Functions for the lines of docs/deploy-compose.md; `. ~/beads-server/docker/functions.sh` in each new shell.
# shellcheck shell=sh

# Prints a new password: 32 letters, digits, - and _.
secret() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

# Writes what comes in to a file that nobody else may read: private FILE
private() (
  umask 077
  cat > "$1"
)

# Prints statements that make a user, or give the one that is there this password: user_sql NAME PASSWORD
user_sql() {
  printf "CREATE USER IF NOT EXISTS %s@'%%' IDENTIFIED BY '%s';\n" "$1" "$2"
  printf "ALTER USER %s@'%%' IDENTIFIED BY '%s';\n" "$1" "$2"
}

# Puts a password into bd's credentials, in place of the one that is there for this server: tell_bd HOST:PORT PASSWORD
tell_bd() (
  umask 077
  file=~/.config/beads/credentials
  mkdir -p "${file%/*}" && touch "$file" && chmod 600 "$file" || exit
  others=$(awk -v section="[$1]" '/^[[:space:]]*\[/ { skip = ($1 == section) } !skip' "$file") || exit
  printf '%s\n[%s]\npassword=%s\n' "$others" "$1" "$2" | sed '1{/^$/d;}' > "$file"
)

root_password() { sed -n 's/^BD_ROOT_PASSWORD=//p' ~/beads-server/.env; }

# Runs one command of bd as root; the password goes through its environment and into no argument: as_root bd ...
as_root() { BEADS_DOLT_SERVER_USER=root BEADS_DOLT_PASSWORD="$(root_password)" "$@"; }

# Makes the password in .env root's, whatever it was, with the key of the server's own superuser: tell_root CONTAINER
tell_root() {
  echo "ALTER USER root@'%' IDENTIFIED BY '$(root_password)'" |
    DOLT_CLI_USER=__dolt_local_user__ \
      DOLT_CLI_PASSWORD="$(docker cp "$1":/var/lib/dolt/.dolt/sql-server.info - | tar -xO | cut -d : -f 3)" \
      docker exec -i -e DOLT_CLI_USER -e DOLT_CLI_PASSWORD "$1" dolt --host=127.0.0.1 --port=3306 --no-tls sql
}
