from tests.http.images.titles import MOVIE, paths


async def test_a_thousand_languages_that_do_not_exist_are_one_image(service, double):
    path = paths(double.catalogue.by_slug(MOVIE))[0]
    for number in range(1000):
        answer = await service.get(f"{path}.jpg?lang=q{number:03d}")
        assert answer.status == 200
    assert service.renders() == 1
    assert len(await service.kept()) == 1


async def test_a_region_falls_back_to_its_language(service, double):
    path = paths(double.catalogue.by_slug(MOVIE))[0]
    french, canadian, english = [await service.get(f"{path}.jpg?lang={lang}") for lang in ("fr", "fr-CA", "en")]
    assert french.body == canadian.body != english.body
