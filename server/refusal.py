"""What a person reads when Comity cannot do what was asked."""


class Refusal(Exception):
    """Comity cannot go on, and the person in front of it can do something about it.

    The message is one or more whole sentences: what is wrong, and what to do. Command lines print it and exit; they
    show no traceback.
    """
