"""What the words mean: free text in, ranked services and bodies, danger and noise out. No network, no database, and no
word of whose job it is: that is ``cases.triage``."""
