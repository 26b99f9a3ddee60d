# What most people import: `bd`, and the server that it works on.
{ imports = [ ./beads.nix ./dolt-server.nix ]; }
