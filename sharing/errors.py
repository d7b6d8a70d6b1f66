"""What can go wrong for a caller, in sentences that say what to do. Nothing has changed when one of these is raised."""

from uuid import UUID


class ComityError(Exception):
    """Anything that the caller can do something about.

    Attributes:
        message: a sentence for a person.
        path: the input that is at fault, outermost name first; empty where no one input is.
    """

    code = "ERROR"

    def __init__(self, message: str, *path: str) -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def __str__(self) -> str:
        return self.message


class Refused(ComityError):
    """A raw value cannot be taken: the reason alone, before anybody says which field it was meant for."""


class InvalidInput(ComityError):
    """An input that cannot be taken as it is."""

    code = "INVALID_INPUT"


class IdTaken(InvalidInput):
    """An id that a client made, and that something has already."""

    code = "ID_TAKEN"

    def __init__(self) -> None:
        super().__init__("Something has this id already: make a new one.", "id")


class Archived(InvalidInput):
    """Something that is archived, and takes no edit until it is restored."""

    code = "ARCHIVED"

    def __init__(self, what: str, *path: str) -> None:
        super().__init__(f"The {what} is archived: restore it first.", *path)


class KeyReused(InvalidInput):
    """An idempotency key under which the caller did something else within a day."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self) -> None:
        super().__init__(
            "Something else was done under this key: make a new key for each write, and send one again only with the "
            "same input.",
            "idempotencyKey",
        )


class InvalidInputs(InvalidInput):
    """Several inputs that cannot be taken, all named at once."""

    def __init__(self, problems: list[InvalidInput]) -> None:
        super().__init__(" ".join(problem.message for problem in problems), *problems[0].path)
        self.problems = problems


class InvalidValue(InvalidInput):
    """A value that a field cannot take.

    Attributes:
        key: the catalogue key, ``custom:slug`` for a custom field.
    """

    code = "INVALID_VALUE"

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message, key)
        self.key = key


class InvalidFile(InvalidInput):
    """A file that cannot be read, from some line on or at all.

    Attributes:
        line: the line it stands on, counted from 1; None where the file as a whole is meant.
    """

    code = "INVALID_FILE"

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class NotFound(ComityError):
    """Something that does not exist, or that the caller may not know of: the two answer alike."""

    code = "NOT_FOUND"


class Forbidden(ComityError):
    """Something that the caller's role or the nation's plan does not include."""

    code = "FORBIDDEN"


class Locked(ComityError):
    """Something that an audience share made or holds in its target, and that the share alone changes.

    Attributes:
        share_id: the share.
    """

    code = "LOCKED"

    def __init__(self, message: str, share_id: UUID, *path: str) -> None:
        super().__init__(message, *path)
        self.share_id = share_id


class ManagedByHq(Forbidden):
    """A nation's custom fields are for its network's HQ to change, as long as HQ shares its settings."""

    code = "MANAGED_BY_HQ"

    def __init__(self) -> None:
        super().__init__(
            "HQ manages the custom fields of this network's nations: ask HQ for the change, or to stop sharing its "
            "custom field settings."
        )


class IllegalTransition(ComityError):
    """Something that the share's status, or the state of its run, does not allow now.

    Attributes:
        status: where the share stands.
        run_state: where the run stands; None where no run is meant.
    """

    code = "ILLEGAL_TRANSITION"

    def __init__(self, message: str, *, status: str, run_state: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.run_state = run_state


class StaleVersion(ComityError):
    """A write made from an old copy. ``current`` is the version that stands, where the thing has versions."""

    code = "STALE_VERSION"

    def __init__(self, message: str, *path: str, current: int | None = None) -> None:
        super().__init__(message, *path)
        self.current = current


class Unauthenticated(ComityError):
    """Credentials that are missing, forged or expired."""

    code = "UNAUTHENTICATED"
