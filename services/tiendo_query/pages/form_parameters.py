"""The parameters of pages come from forms."""

from pydantic import model_validator

from tiendo_query.questions.strict_routes import Parameters


class FormParameters(Parameters):
    """A field of a form that was left empty asks for nothing."""

    @model_validator(mode="before")
    @classmethod
    def _empty_fields_left_out(cls, values: object) -> object:
        if not isinstance(values, dict):
            return values
        known = {member.alias or name for name, member in cls.model_fields.items()}
        return {name: value for name, value in values.items() if name not in known or str(value).strip()}
