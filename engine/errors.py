"""Refusals of the engine: typed, with stable codes that each edge translates once."""


class EngineError(Exception):
    """Anything the engine refuses or cannot do."""


class BusinessError(EngineError):
    """A refusal with a reason that a person can act on.

    `code` is stable and names the translated sentence; `details` fills its gaps.
    At the process edge it becomes the BPMN error of the same code.
    """

    def __init__(self, code: str, message: str = "", **details: object) -> None:
        super().__init__(message or code)
        self.code = code
        self.details = details


class UnknownDefinition(BusinessError):
    """No published process or form has this key."""


class UnknownTask(BusinessError):
    """There is no such human task."""


class TaskClosed(BusinessError):
    """Somebody has already completed or withdrawn the task."""


class NotAllowed(BusinessError):
    """The act is not offered on this task, or not to this person."""


class StaleState(BusinessError):
    """The case was changed by somebody else meanwhile; read it again and retry."""


class StepFailed(EngineError):
    """A step could not be carried out for a technical reason; an incident has been opened."""

    def __init__(self, incident_id: int, message: str) -> None:
        super().__init__(message)
        self.incident_id = incident_id


class ElementFailed(EngineError):
    """An element that is carried out by itself broke down; the cause is chained to it. `path` joined by "/"."""

    def __init__(self, element: str, path: str = "") -> None:
        super().__init__(f"element {element} broke down")
        self.element = element
        self.path = path


class DatabaseBusy(EngineError):
    """A lock could not be had in time, or the database chose us to give way. Nothing was written; try again."""


class DatabaseFull(DatabaseBusy):
    """There is no space left. Nothing was written; trying again helps when somebody has made room."""


class DatabaseLost(DatabaseBusy):
    """The connection broke or could not be made. If it broke in a commit nobody knows whether that was carried out."""


class DeliveryFailed(EngineError):
    """A message could not be handed over now; later it may be."""


class ReceiverDown(DeliveryFailed):
    """The receiver cannot be reached or does not let us in: no other message would get through either."""


class DeliveryRefused(EngineError):
    """The receiver will never take this message."""
