"""ACLs over Kafka's protocol: aiokafka's admin client does not offer them, but its protocol has the requests."""

from collections.abc import Sequence
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import ClusterAuthorizationFailedError, NoError, SecurityDisabled, for_code
from aiokafka.protocol.admin import CreateAclsRequest, DescribeAclsRequest

from tiendo_client.aiokafka_internals import request
from tiendo_runtime.kafka.comparing import FoundRight, RightsShown
from tiendo_runtime.kafka.planning import Resource, Right

_ANY: Final = 1
_ANY_HOST: Final = "*"
_RESOURCES: Final = {2: Resource.TOPIC, 3: Resource.GROUP}
_LITERAL, _PREFIXED = 3, 4
_DENY, _ALLOW = 2, 3
_OPERATIONS: Final = {
    2: "All",
    3: "Read",
    4: "Write",
    5: "Create",
    6: "Delete",
    7: "Alter",
    8: "Describe",
    9: "ClusterAction",
    10: "DescribeConfigs",
    11: "AlterConfigs",
    12: "IdempotentWrite",
}
"""The protocol's numbers."""
_RESOURCE_NUMBERS: Final = {resource: number for number, resource in _RESOURCES.items()}
_OPERATION_NUMBERS: Final = {operation: number for number, operation in _OPERATIONS.items()}


async def list_rights(client: AIOKafkaAdminClient) -> tuple[list[FoundRight], RightsShown]:
    """All rights on topics and groups that the brokers keep, and whether they show them to this user."""
    answer = await request(client, DescribeAclsRequest(_ANY, None, _ANY, None, None, _ANY, _ANY))
    kind = for_code(answer.error_code)
    if kind is SecurityDisabled:
        return [], RightsShown.NOT_ENFORCED
    if kind is ClusterAuthorizationFailedError:
        return [], RightsShown.HIDDEN
    if kind is not NoError:
        raise kind(answer.error_message)
    found = [
        FoundRight(
            right=Right(
                principal=principal,
                resource=_RESOURCES[resource],
                name=name,
                prefixed=pattern == _PREFIXED,
                operation=_OPERATIONS.get(operation, f"operation {operation}"),
            ),
            allows=permission != _DENY,
        )
        for resource, name, pattern, entries in answer.resources
        if resource in _RESOURCES
        for principal, _host, operation, permission in entries
    ]
    return found, RightsShown.SHOWN


async def give_rights(client: AIOKafkaAdminClient, rights: Sequence[Right]) -> None:
    """Give the rights, from any host. A right that is there already stays as it is."""
    for right in rights:
        answer = await request(
            client,
            CreateAclsRequest(
                _RESOURCE_NUMBERS[right.resource],
                right.name,
                _PREFIXED if right.prefixed else _LITERAL,
                right.principal,
                _ANY_HOST,
                _OPERATION_NUMBERS[right.operation],
                _ALLOW,
            ),
        )
        for code, message in answer.creation_responses:
            if code:
                raise for_code(code)(str(right), message)
