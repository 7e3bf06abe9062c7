"""Who may do what: keys with scopes, kept hashed only, and the sessions of people who look at the pages."""

from tiendo_runtime.authentication.keys import Key, KeyEntry, Scope
from tiendo_runtime.authentication.store import KeyStore

__all__ = ["Key", "KeyEntry", "KeyStore", "Scope"]
