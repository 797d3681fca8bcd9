"""The two requests that an officer waits for all day."""

import json
from itertools import count

from django.test import Client, override_settings
from django.urls import reverse

from benchmarks.data import load_reference, officer_of, vinh_bao
from benchmarks.measuring import Figure, benchmark, in_turns
from evaluations.actions.results import values_of

TURNS = 40


@benchmark
def pages():
    """Trang, so với một trang trống đã đăng nhập"""
    load_reference()
    with override_settings(ROOT_URLCONF="benchmarks.urls"):
        yield from _measure()


def _measure():
    evaluation = vinh_bao()
    client = Client()
    client.force_login(
        officer_of(evaluation.unit), backend="django.contrib.auth.backends.ModelBackend"
    )

    def get(name, *args):
        address = reverse(name, args=args)

        def call():
            response = client.get(address)
            assert response.status_code == 200, (address, response.status_code)

        return call

    empty, answer, overview, autosave = in_turns(
        get("empty-page"),
        get("empty-answer"),
        get("evaluations:dossier", evaluation.pk),
        _autosave(client, evaluation),
        turns=TURNS,
    )
    yield Figure("tổng quan hồ sơ", overview, "trang trống", empty, most_times=6)
    yield Figure("tự lưu một chỉ báo", autosave, "trang trống", empty, most_times=4)
    yield Figure("trang trống", empty, "trả lời không vẽ gì", answer)


def _autosave(client, evaluation):
    """Each save changes the explanation, as typing does, from what the last one left."""
    result = evaluation.results.select_related("indicator").get(indicator__code="2.1.2")
    values = values_of(result)
    numbers = count(1)

    def save():
        base = json.dumps(values)
        values["explanation"] = f"Đã kiểm tra lại lần {next(numbers)}"
        response = client.post(
            result.get_absolute_url(), {**values, "base": base}, headers={"HX-Request": "true"}
        )
        assert response.status_code == 200, response.status_code
        assert "X-Unsaved" not in response

    return save
