"""The embedded PostgreSQL: the wheel's binaries, run as a server of the data folder's own.

Several processes may use one folder at once (`tiendo up` and commands beside it): the first starts the server, the last stops it.
"""

from tiendo_runtime.embedded.cluster import Cluster
from tiendo_runtime.embedded.usage import running_database

__all__ = ["Cluster", "running_database"]
