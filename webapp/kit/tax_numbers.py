"""INN, the tax number of companies (10 digits) and of sole traders (12), with its check digits."""

_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def is_tax_number(text: str) -> bool:
    """Whether the check digits of an INN are right."""
    if not (text.isascii() and text.isdigit() and len(text) in (10, 12)):
        return False
    digits = [int(each) for each in text]
    checked = (9,) if len(digits) == 10 else (10, 11)
    return all(_check_digit(digits[:place]) == digits[place] for place in checked)


def _check_digit(digits: list[int]) -> int:
    weights = _WEIGHTS[len(_WEIGHTS) - len(digits) :]
    return sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11 % 10
