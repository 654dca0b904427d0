"""Graph files → an HTTP endpoint: the network on one side, killable workers over a frozen store on the other."""
