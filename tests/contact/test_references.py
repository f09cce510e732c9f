from contact.references import ALPHABET, PATTERN, new_reference


def test_references_have_the_promised_form_and_do_not_repeat() -> None:
    references = [new_reference() for _ in range(2000)]
    assert len(set(references)) == 2000
    assert all(PATTERN.fullmatch(reference) for reference in references)


def test_no_character_is_taken_for_another_on_the_telephone() -> None:
    assert not set(ALPHABET) & set("0O1IL5S2Z8B")
