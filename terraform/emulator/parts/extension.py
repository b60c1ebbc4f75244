"""How the parts add to moto's classes."""


def extends(cls):
    """Makes the function below it a method of cls, in place of the one that has its name."""

    def put(function):
        setattr(cls, function.__name__, function)
        return function

    return put
