"""Errors of work on a Kafka cluster; each message says what was wrong and what would be right.

RuntimeFault
└── ClusterFault
    ├── ClusterRefused    the settings do not fit the cluster, or the brokers do not let this user in or do this
    ├── ClusterAway       nobody answers, or not in time; may pass
    └── TopicsDiffer      what is there cannot be made what it has to be
"""

from tiendo_runtime.errors import RuntimeFault


class ClusterFault(RuntimeFault):
    """Any of them."""


class ClusterRefused(ClusterFault):
    """The same again would be refused again."""


class ClusterAway(ClusterFault):
    """The same again may succeed later."""


class TopicsDiffer(ClusterFault):
    """Topics are there that cannot be made what they have to be."""
