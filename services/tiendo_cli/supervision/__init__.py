"""`tiendo up`: the processes of one machine's tiendo, started, watched, started again, and stopped in order."""
