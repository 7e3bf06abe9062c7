"""Who may do what: keys with scopes, known by their facts in the log, and the sessions of people who look at the pages."""

from tiendo_runtime.authentication.callers import Caller, Sight
from tiendo_runtime.authentication.keys import Key, KeyEntry
from tiendo_runtime.authentication.register import Bounds, KeyRegister
from tiendo_runtime.authentication.scopes import Scope
from tiendo_runtime.authentication.store import KeyStore

__all__ = ["Bounds", "Caller", "Key", "KeyEntry", "KeyRegister", "KeyStore", "Scope", "Sight"]
