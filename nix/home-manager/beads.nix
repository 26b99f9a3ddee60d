# `bd` for the person, told where the server is and where the password for pushes is.
{ config, lib, options, pkgs, ... }:
let
  cfg = config.CUSTOM.programs.beads;
  server = config.CUSTOM.services.dolt-server;
  inherit (cfg) federation;

  # The secrets come from sops-nix, which nobody has to have.
  hasSops = options ? sops;
  useSops = federation.secrets.enable;
  passwordFile =
    if useSops && hasSops then config.sops.secrets.${federation.secrets.remotePasswordKey}.path
    else if federation.remotePasswordFile != null then toString federation.remotePasswordFile
    else null;

  # Who listens on all addresses is reached on the machine's own one.
  connectHost = { "0.0.0.0" = "127.0.0.1"; "::" = "::1"; }.${server.host} or server.host;

  # A variable goes before what a project says about its server. So there is none for what bd takes anyway: then a
  # project on another server is still found there.
  unlessDefault = name: default: value: lib.optionalAttrs (value != default) { ${name} = value; };
  variables =
    unlessDefault "BEADS_DOLT_SERVER_HOST" "127.0.0.1" connectHost
    // unlessDefault "BEADS_DOLT_SERVER_PORT" "3307" (toString server.port)
    // unlessDefault "BEADS_DOLT_SERVER_USER" "root" server.user
    // lib.optionalAttrs (federation.remoteUser != null) { DOLT_REMOTE_USER = federation.remoteUser; }
    // lib.optionalAttrs (federation.hosts != [ ]) { BD_FEDERATION_HOSTS = lib.concatStringsSep "," federation.hosts; }
    // lib.optionalAttrs (passwordFile != null) { DOLT_REMOTE_PASSWORD_FILE = passwordFile; };

  # Values stand in double quotes, each place with its own rules for them. sops-nix writes the login's folder as %r.
  inQuotes = { escape, runtimeDir }: text: lib.replaceStrings [ "%r" ] [ runtimeDir ] (escape text);
  backslashBefore = characters: lib.escape ([ "\\" "\"" ] ++ characters);
  inPosixShell = inQuotes { escape = backslashBefore [ "$" "`" ]; runtimeDir = "$XDG_RUNTIME_DIR"; };
  inFish = inQuotes { escape = backslashBefore [ "$" ]; runtimeDir = "$XDG_RUNTIME_DIR"; };
  inEnvironmentD = inQuotes {
    escape = text: lib.replaceStrings [ "$" ] [ "$$" ] (backslashBefore [ ] text);
    runtimeDir = "\${XDG_RUNTIME_DIR}";
  };

  # The file may come later than the shell, or never: then there is no variable, and no word about it. `command` because
  # `cat` is often an alias.
  posixExport = let file = ''"${inPosixShell passwordFile}"''; in ''
    if [ -f ${file} ] && [ -r ${file} ]; then
      DOLT_REMOTE_PASSWORD="$(command cat ${file})"
      export DOLT_REMOTE_PASSWORD
    fi
  '';
  fishExport = let file = ''"${inFish passwordFile}"''; in ''
    if test -f ${file}; and test -r ${file}
      set -gx DOLT_REMOTE_PASSWORD (command cat ${file} | string collect)
    end
  '';
in
{
  imports = [ ./dolt-server.nix ];

  options.CUSTOM.programs.beads = {
    enable = lib.mkEnableOption "bd, the issue tracker";

    daemon.workspaces = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "/home/alice/shop" ];
      description = ''
        Projects whose commands a daemon answers, from login on: the folders that hold their `.beads`, as absolute paths.
      '';
    };

    daemon.environmentFile = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "/home/alice/.config/beads/daemon.env";
      description = ''
        File of variables for the daemons: say, where a task store is, and its token. Only you should be able to read it (`chmod 600`).
      '';
    };

    federation = {
      remoteUser = lib.mkOption {
        type = lib.types.nullOr lib.types.str;
        default = null;
        description = "Your name at the remotes that bd pushes to and pulls from (DOLT_REMOTE_USER).";
      };

      hosts = lib.mkOption {
        type = lib.types.listOf lib.types.str;
        default = [ ];
        example = [ "tracker.example.org" "http://10.0.0.7:8080" ];
        description = ''
          Hosts of remotes that a password may go to, besides those that bd has in its own config.yaml
          (BD_FEDERATION_HOSTS): HOST or HOST:PORT with TLS, http://HOST:PORT without.
        '';
      };

      remotePasswordFile = lib.mkOption {
        type = lib.types.nullOr lib.types.path;
        default = null;
        example = "/home/alice/.config/beads/remote-password";
        description = ''
          File that holds your password at the remotes, as a string: it must not get into the Nix store.
          Only you should be able to read it (`chmod 600`).
        '';
      };

      secrets = {
        enable = lib.mkEnableOption "the remote password from sops-nix";

        sopsFile = lib.mkOption {
          type = lib.types.path;
          example = lib.literalExpression "./secrets.yaml";
          description = "The encrypted file that holds the password. It may be in the Nix store.";
        };

        remotePasswordKey = lib.mkOption {
          type = lib.types.str;
          default = "dolt_remote_password";
          description = "Key of the password in `sopsFile`.";
        };
      };
    };
  };

  config = lib.mkIf cfg.enable (lib.mkMerge [
    {
      home.packages = [ pkgs.beads ];
      CUSTOM.services.dolt-server.enable = lib.mkDefault true;

      home.sessionVariables = lib.mapAttrs (_: inPosixShell) variables;

      systemd.user.services = builtins.listToAttrs (map
        (workspace: {
          # Not all of a path may stand in a unit's name; the description has the rest.
          name = "bd-daemon" + lib.concatStringsSep "-" (builtins.filter builtins.isString (builtins.split "[^A-Za-z0-9_.]+" workspace));
          value = {
            Unit = {
              Description = "Daemon of the bd workspace ${lib.replaceStrings [ "%" ] [ "%%" ] workspace}";
              After = [ "dolt-server.service" ];
            };
            Service = {
              Type = "exec";
              Environment = "BD_DAEMON_IDLE_EXIT=0";
              WorkingDirectory = lib.replaceStrings [ "%" ] [ "%%" ] workspace;
              ExecStart = "${pkgs.beads}/bin/bd daemon start --foreground";
              Restart = "on-failure";
              RestartSec = 5;
              TimeoutStopSec = 20;
            }
            // lib.optionalAttrs (cfg.daemon.environmentFile != null) {
              EnvironmentFile = lib.replaceStrings [ "%" ] [ "%%" ] cfg.daemon.environmentFile;
            };
            Install.WantedBy = [ "default.target" ];
          };
        })
        cfg.daemon.workspaces);

      assertions = [
        {
          assertion = builtins.all (workspace: lib.hasPrefix "/" workspace && !lib.hasInfix "\n" workspace) cfg.daemon.workspaces;
          message = "CUSTOM.programs.beads.daemon.workspaces must be absolute paths.";
        }
        {
          assertion = useSops -> hasSops;
          message = ''
            CUSTOM.programs.beads.federation.secrets.enable needs sops-nix. Add its Home Manager module to your imports:
            inputs.sops-nix.homeModules.sops (homeManagerModules.sops in older versions).'';
        }
        {
          assertion = useSops -> federation.remotePasswordFile == null;
          message = ''
            CUSTOM.programs.beads.federation: the password comes either from remotePasswordFile or from secrets.
            Remove one of them.'';
        }
        {
          # In a flake, a path without quotes is in the store before this module sees it.
          assertion = !builtins.isPath federation.remotePasswordFile
            && !lib.hasPrefix "${builtins.storeDir}/" (toString federation.remotePasswordFile);
          message = ''
            CUSTOM.programs.beads.federation.remotePasswordFile would get into the Nix store, where everybody can read
            it. Write the path in quotes, and keep the file out of your configuration.'';
        }
      ];

      warnings =
        # nixpkgs has another program of this name.
        lib.optional (!(pkgs.beads ? completeNpmLock)) ''
          CUSTOM.programs.beads installs pkgs.beads, which is another program here:
          apply overlays.default of bd's flake.''
        ++ lib.optional (passwordFile != null && federation.remoteUser == null) ''
          CUSTOM.programs.beads.federation has a password and no remoteUser:
          bd can't push until DOLT_REMOTE_USER is set.'';
    }

    # environment.d reaches what no shell starts: editors, desktops, agents in units. Some people copy all of
    # home.sessionVariables there, which then goes first.
    (lib.mkIf pkgs.stdenv.hostPlatform.isLinux {
      systemd.user.sessionVariables = lib.mapAttrs (_: value: lib.mkDefault ''"${inEnvironmentD value}"'') variables;
    })

    (lib.mkIf (passwordFile != null) {
      programs.bash.initExtra = posixExport;
      programs.zsh =
        # Older Home Managers have initExtra only, newer ones warn of it.
        if options.programs.zsh ? initContent then { initContent = posixExport; } else { initExtra = posixExport; };
      programs.fish.interactiveShellInit = fishExport;
    })

    # Without sops-nix there is no such option, not even under a condition.
    (lib.optionalAttrs hasSops {
      sops.secrets = lib.mkIf useSops {
        ${federation.secrets.remotePasswordKey} = { inherit (federation.secrets) sopsFile; };
      };
    })
  ]);
}
