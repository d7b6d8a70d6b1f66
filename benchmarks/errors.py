"""How often what befalls a profile, at two settings; and the slips themselves."""

from collections.abc import Callable, Mapping

# Of a hundred profiles, how many each thing befalls.
CAREFUL: Mapping[str, float] = {
    "no_birthdate": 12,
    "no_sex": 10,
    "no_middle": 45,
    "no_address": 8,
    "no_landline": 45,
    "no_mobile": 25,
    "no_email": 30,
    "no_van_id": 45,
    "no_external_id": 55,
    "no_suffix": 60,
    "no_postcode": 4,
    "nickname": 7,
    "initial": 1,
    "typo_in_first": 1.5,
    "typo_in_last": 2,
    "double_name": 1,
    "swapped_names": 0.2,
    "maiden": 8,
    "moved": 9,
    "typo_in_street": 2.5,
    "typo_in_number": 1,
    "typo_in_birthdate": 1.2,
    "day_and_month": 0.6,
    "new_year": 0.8,
    "no_date": 0.4,
    "new_mobile": 7,
    "typo_in_phone": 0.8,
    "other_email": 12,
    "couples_email": 1,
    "wrong_id": 0.15,
}
# A nation of many hands and old lists: most things go wrong twice as often.
CARELESS: Mapping[str, float] = {
    **CAREFUL,
    "no_birthdate": 25,
    "no_address": 15,
    "no_mobile": 35,
    "no_email": 40,
    "nickname": 11,
    "initial": 2.5,
    "typo_in_first": 3,
    "typo_in_last": 4,
    "swapped_names": 0.5,
    "maiden": 14,
    "moved": 16,
    "typo_in_street": 5,
    "typo_in_number": 2,
    "typo_in_birthdate": 2.5,
    "day_and_month": 1.2,
    "new_year": 2,
    "no_date": 1,
    "new_mobile": 12,
    "typo_in_phone": 1.6,
    "other_email": 18,
    "couples_email": 2,
    "wrong_id": 0.4,
}
_LETTERS = "etaoinsrhldcumfpgwybvk"


def misspelt(word: str, pick: Callable[[], float]) -> str:
    """A word with one slip: two letters swapped, one left out, doubled, or another in its place."""
    if len(word) < 3:
        return word
    at = 1 + int(pick() * (len(word) - 2))
    slip = pick()
    if slip < 0.25:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if slip < 0.5:
        return word[:at] + word[at + 1 :]
    if slip < 0.65:
        return word[: at + 1] + word[at:]
    return word[:at] + _LETTERS[int(pick() * len(_LETTERS))] + word[at + 1 :]


def misdialled(number: str, pick: Callable[[], float]) -> str:
    """A number with one figure wrong, or two changed over."""
    at = 1 + int(pick() * (len(number) - 2))
    if pick() < 0.3:
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + str((int(number[at]) + 1 + int(pick() * 9)) % 10) + number[at + 1 :]
