"""The directory facts `vn.tiendo.directory.<what>.v1`: the configuration as CloudEvents in the log (section R)."""

from tiendo_contracts.directory.decoding import UnknownDirectoryTypeError, definition_of, directory_fact
from tiendo_contracts.directory.encoding import SOURCE, directory_event

__all__ = ["SOURCE", "UnknownDirectoryTypeError", "definition_of", "directory_event", "directory_fact"]
