"""The rule book: what decides every minute, each rule with its anchor."""
