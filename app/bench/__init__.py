"""Speed, measured over real HTTP beside floors taken in the same run. Started by ``scripts/bench``."""
