# The shared Dolt server of bd as a user unit: systemd/dolt-server.service with the paths of this configuration.
{ config, lib, pkgs, ... }:
let
  cfg = config.CUSTOM.services.dolt-server;
  home = config.home.homeDirectory;

  absolute = path:
    let text = toString path; in
    if text == "~" || lib.hasPrefix "~/" text then home + lib.removePrefix "~" text else text;

  # systemd expands % and $ in command lines.
  argument = text: ''"${lib.replaceStrings [ "\\" "\"" "$" "%" ] [ "\\\\" "\\\"" "$$" "%%" ] text}"'';
in
{
  options.CUSTOM.services.dolt-server = {
    enable = lib.mkEnableOption "the shared Dolt server of bd as a systemd user unit";

    package = lib.mkPackageOption pkgs "dolt" { };

    dataDir = lib.mkOption {
      type = lib.types.either lib.types.str lib.types.path;
      default = "${home}/.beads/dolt";
      defaultText = lib.literalExpression ''"''${config.home.homeDirectory}/.beads/dolt"'';
      apply = absolute;
      description = "Folder of the databases, made at the first start. A leading `~/` is the home directory.";
    };

    host = lib.mkOption {
      type = lib.types.str;
      default = "127.0.0.1";
      description = "Address that the server listens on, and that bd connects to.";
    };

    port = lib.mkOption {
      type = lib.types.port;
      default = 3307;
      description = "TCP port of the server.";
    };

    user = lib.mkOption {
      type = lib.types.str;
      default = "root";
      description = "Whom bd connects as. The server itself always runs as the owner of this configuration.";
    };

    noAutoCommit = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether sessions begin without autocommit. bd needs it, so `false` is refused.";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = pkgs.stdenv.hostPlatform.isLinux;
        message = ''
          CUSTOM.services.dolt-server runs on Linux only: it is a systemd unit.
          Set CUSTOM.services.dolt-server.enable = false; on this machine `bd server start` starts a server.'';
      }
      {
        assertion = cfg.noAutoCommit;
        message = ''
          CUSTOM.services.dolt-server.noAutoCommit must be true: with autocommit, the halves of a change of one client
          could get into the commit of another.'';
      }
      {
        assertion = lib.hasPrefix "/" cfg.dataDir && !lib.hasInfix "\n" cfg.dataDir;
        message = "CUSTOM.services.dolt-server.dataDir must be an absolute path, or begin with ~/.";
      }
      {
        assertion = !lib.hasInfix "%" cfg.dataDir;
        message = "CUSTOM.services.dolt-server.dataDir must be without %: Dolt makes no databases in such a folder.";
      }
      {
        assertion = !lib.hasPrefix "${builtins.storeDir}/" cfg.dataDir;
        message = "CUSTOM.services.dolt-server.dataDir must not be in the Nix store; write it as a string.";
      }
    ];

    # For the person: the client, and the tools of the same version as the server.
    home.packages = [ cfg.package ];

    systemd.user.services.dolt-server = {
      Unit = {
        Description = "Dolt SQL server for beads";
        Documentation = "https://github.com/dolthub/dolt";
      };
      Service = {
        # Dolt can't tell systemd when it is ready; bd waits for the port by itself.
        Type = "exec";
        Environment = "DOLT_DISABLE_EVENT_FLUSH=true";
        # The server would use them for everybody, or not start with them.
        UnsetEnvironment = "DOLT_CLI_PASSWORD DOLT_REMOTE_PASSWORD BEADS_DOLT_PASSWORD";
        ExecStartPre = "${pkgs.coreutils}/bin/mkdir -p -m 0700 ${argument cfg.dataDir}";
        # systemd changes to the folder before ExecStartPre can make it, hence the `-`; this value takes no quotes.
        WorkingDirectory = "-${cfg.dataDir}";
        ExecStart = lib.concatStringsSep " " [
          "${cfg.package}/bin/dolt sql-server"
          "--host ${argument cfg.host}"
          "--port ${toString cfg.port}"
          "--data-dir ${argument cfg.dataDir}"
          "--no-auto-commit"
        ];
        Restart = "on-failure";
        RestartSec = 5;
        TimeoutStopSec = 60;
        UMask = "0077";
        NoNewPrivileges = "yes";
        LockPersonality = "yes";
        RestrictRealtime = "yes";
        RestrictSUIDSGID = "yes";
        RestrictNamespaces = "yes";
        SystemCallArchitectures = "native";
        RestrictAddressFamilies = "AF_UNIX AF_INET AF_INET6 AF_NETLINK";
      };
      # Not also After=default.target: units that order themselves after the server would be in a cycle.
      Install.WantedBy = [ "default.target" ];
    };
  };
}
