"""What must hold all over the tree, however many hands write it."""

import ast
import importlib
import os
import re
import subprocess
import sys
from functools import cache
from itertools import product
from pathlib import Path
from unicodedata import is_normalized

import pytest
import yaml
from django.apps import apps
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.staticfiles import finders
from django.core.management import call_command, get_commands
from django.template import engines
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
OURS = ("hocxahoi", "upkeep", "reports", "evaluations", "criteria", "organisations")
# Where figures become a verdict: exact numbers only.
DECIDING = (
    "criteria/levels.py",
    "criteria/measures.py",
    "criteria/numbers.py",
    "criteria/points.py",
    "evaluations/determination.py",
    "evaluations/snapshots.py",
)
FORBIDDEN_NAMES = {
    f"{name}.py"
    for name in [
        "signals",
        "services",
        "selectors",
        "utils",
        "helpers",
        "mixins",
        "managers",
        "constants",
    ]
}
UNSUPPORTED = ("OPTIONS", "PUT", "PATCH", "DELETE", "PURGE")


@cache
def tracked() -> list[Path]:
    """Files of the repository, those not yet committed too; without what others made."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    paths = [ROOT / name for name in listed if name]
    return [path for path in paths if path.is_file()]


def files(*suffixes: str, under: str = "") -> list[Path]:
    return [
        path for path in tracked() if path.suffix in suffixes and path.is_relative_to(ROOT / under)
    ]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def texts(*suffixes: str, under: str = "") -> dict[str, str]:
    return {relative(path): path.read_text() for path in files(*suffixes, under=under)}


TEMPLATES = texts(".html", ".txt", under="templates")
OFFLINE = ("/reports/paper/", "/reports/package/")  # printed, or opened from a folder
PAGES = {
    name: text for name, text in TEMPLATES.items() if not any(folder in name for folder in OFFLINE)
}
SOURCES = {
    name: text for name, text in texts(".py").items() if name.split("/")[0] in {*OURS, "manage.py"}
}


# --- Code -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=3)


@pytest.mark.parametrize(
    "module",
    [
        "criteria.levels",
        "criteria.measures",
        "criteria.numbers",
        "criteria.points",
        "evaluations.workflow",
    ],
)
def test_engine_runs_without_django(module):
    code = f"import sys, {module}; print(*(name for name in sys.modules if name == 'django'))"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == ""


@pytest.mark.parametrize("name", DECIDING)
def test_no_float_takes_part_in_a_decision(name):
    found = [
        node.lineno
        for node in ast.walk(ast.parse((ROOT / name).read_text()))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]

    assert found == []


def test_no_file_goes_by_a_name_that_says_nothing():
    assert [name for name in SOURCES if Path(name).name in FORBIDDEN_NAMES] == []


def test_no_model_hides_work_in_save_or_a_signal():
    found = [
        f"{name}: {node.name}"
        for name, text in SOURCES.items()
        if "/models" in name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and node.name in {"save", "delete"}
        and any(argument.arg == "self" for argument in node.args.args)
        and not _is_queryset_method(text, node)
    ]

    assert found == []
    assert [name for name, text in SOURCES.items() if re.search(r"@receiver\(", text)] == []


def _is_queryset_method(text: str, method: ast.FunctionDef) -> bool:
    """A queryset may refuse to delete; a model may not do more than save."""
    return any(
        isinstance(node, ast.ClassDef)
        and method.lineno in range(node.lineno, node.end_lineno)
        and any("QuerySet" in ast.unparse(base) for base in node.bases)
        for node in ast.walk(ast.parse(text))
    )


def _our_models():
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def _own_fields():
    """Fields that we named: not those that Django's own user brings."""
    brought = {field.name for field in AbstractUser._meta.get_fields()}
    for model in _our_models():
        for field in model._meta.get_fields():
            if not field.concrete or field.auto_created:
                continue
            if field.name in brought and issubclass(model, AbstractUser.__mro__[1]):
                continue
            yield model, field


def test_names_of_models_and_fields_are_lower_case_vietnamese():
    names = [(model._meta.label, str(model._meta.verbose_name)) for model in _our_models()]
    names += [(f"{model._meta.label}.{f.name}", str(f.verbose_name)) for model, f in _own_fields()]

    astray = [f"{label}: {name}" for label, name in names if not _is_lower(name)]
    unnamed = [
        f"{model._meta.label}.{field.name}"
        for model, field in _own_fields()
        if str(field.verbose_name) == field.name.replace("_", " ") and "_" in field.name
    ]

    assert astray == []
    assert unnamed == []


def _is_lower(name: str) -> bool:
    """Lower case as in the middle of a sentence; abbreviations and offices keep their capitals."""
    first = name.split()[0]
    return first[0].islower() or first.isupper() or first in {"Sở", "Bộ", "Excel"}


# --- Views and addresses ----------------------------------------------------------------------


@cache
def routes() -> dict[str, tuple]:
    """Every named address, as its full name → (view, its arguments)."""
    return dict(_walk(get_resolver(), namespace="", given=()))


def _walk(resolver, namespace, given):
    for pattern in resolver.url_patterns:
        arguments = (*given, *pattern.pattern.converters.items())
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, inner, arguments)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", (pattern.callback, arguments)


def _our_routes():
    return [
        name
        for name, (view, _) in routes().items()
        if view.__module__.split(".")[0] in OURS and not name.startswith("admin:")
    ]


def test_view_answers_only_the_methods_it_names():
    answering = []
    for name, method in product(_our_routes(), UNSUPPORTED):
        view, arguments = routes()[name]
        request = RequestFactory().generic(method, "/")
        request.user = AnonymousUser()
        request._dont_enforce_csrf_checks = True  # as the test client does: not what is asked here
        response = view(request, **{key: _sample(converter) for key, converter in arguments})
        if response.status_code != 405 or not response["Allow"]:
            answering.append((name, method, response.status_code))

    assert answering == []


def _sample(converter):
    return 1 if "int" in type(converter).__name__.lower() else "x"


def test_every_address_has_a_name():
    def nameless(resolver):
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from nameless(pattern) if pattern.app_name != "admin" else ()
            elif pattern.name is None:
                yield str(pattern)

    assert list(nameless(get_resolver())) == []


def _named(pattern: str, sources: dict[str, str]):
    return {(file, name) for file, text in sources.items() for name in re.findall(pattern, text)}


def test_every_address_that_is_named_exists():
    named = _named(r"""{%\s*url\s+["']([^"']+)["']""", TEMPLATES)
    named |= _named(r"""\b(?:reverse|redirect)\(\s*["']([\w-]+:[\w-]+)["']""", SOURCES)
    named |= _named(r"""_URL = ["']([\w-]+:[\w-]+)["']""", SOURCES)

    assert named
    assert [(file, name) for file, name in sorted(named) if name not in routes()] == []


# --- Templates and static files ---------------------------------------------------------------

BY_DJANGO = re.compile(r"templates/(?:400|403|403_csrf|404|500|base)\.html|templates/admin/.*")
# crispy finds these by its own names; they stand before its package's.
BY_CRISPY = re.compile(r"templates/bootstrap5/.*")


def test_every_template_is_used():
    mentioned = {
        mention
        for text in (*SOURCES.values(), *TEMPLATES.values(), *texts(".py", under="tests").values())
        for mention in re.findall(r"""["']([\w./{}\[\]() -]+\.(?:html|txt))["']""", text)
    }
    known = [
        re.compile(re.sub(r"\\{.*?\\}", "[^/]+", re.escape(mention).replace(r"\ ", " ")))
        for mention in mentioned
    ]

    unused = [
        name
        for name in TEMPLATES
        if not any(pattern.fullmatch(name.removeprefix("templates/")) for pattern in known)
        and not BY_DJANGO.fullmatch(name)
        and not BY_CRISPY.fullmatch(name)
    ]

    assert unused == []


def test_every_template_that_is_named_exists():
    named = _named(r"""{%\s*(?:extends|include)\s+["']([^"']+)["']""", TEMPLATES)
    named |= _named(r"""\brender\(\s*request,\s*["']([^"']+)["']""", SOURCES)

    engine = engines["django"].engine
    missing = []
    for file, name in sorted(named):
        try:
            engine.find_template(name)
        except Exception as error:
            missing.append(f"{file}: {name}: {type(error).__name__} {error}")

    assert missing == []


def test_every_loaded_library_is_used():
    unused = []
    for name, text in sorted(TEMPLATES.items()):
        for loaded in re.findall(r"{%\s*load\s+(.+?)\s*%}", text):
            wanted, _, library = loaded.partition(" from ")
            for word in wanted.split():
                if not any(_is_used(text, part) for part in ([word] if library else _parts(word))):
                    unused.append((name, word))

    assert unused == []


@cache
def _parts(library: str) -> tuple[str, ...]:
    module = importlib.import_module(engines["django"].engine.libraries[library])
    return (*module.register.tags, *module.register.filters)


def _is_used(text: str, name: str) -> bool:
    return bool(re.search(rf"{{%\s*{name}\b|\|{name}\b", text))


INLINE = {
    "script": r"<script(?![^>]*\bsrc=)",
    "style": r"<style\b|\sstyle\s*=",
    "handler": r"\s(?:on[a-z]+|hx-on[\w:-]*)\s*=\s*[\"']",
    "address": r"javascript:|\b(?:src|srcset|href|action)=[\"'](?:https?:)?//",
}


@pytest.mark.parametrize("what", INLINE)
def test_pages_need_nothing_that_the_policy_refuses(what):
    found = [
        f"{name}: {match[0].strip()}"
        for name, text in PAGES.items()
        for match in re.finditer(INLINE[what], text)
    ]

    assert found == []


def test_every_static_file_that_is_named_exists():
    named = _named(r"""{%\s*static\s+["']([^"']+)["']""", TEMPLATES)

    assert named
    assert [pair for pair in sorted(named) if finders.find(pair[1]) is None] == []


def test_static_files_collect_as_in_service(tmp_path):
    """Every `url()` in a style sheet must lead somewhere, or no page opens outside DEBUG."""
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "x",
        "ALLOWED_HOSTS": "localhost",
        "VAR_DIR": str(tmp_path),
        "STATIC_ROOT": str(tmp_path / "static"),
        "COMPRESS_STATIC": "0",
        "DATABASE_URL": "",
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "static" / "staticfiles.json").exists()


# --- The repository ---------------------------------------------------------------------------

BINARY = {
    *(".woff2", ".ttf", ".icc", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp"),
    *(".mo", ".pdf", ".xlsx", ".xls", ".docx", ".zip", ".heic"),
}
PLACES = "|".join(
    [
        r"\b(?:pypi\.org|pythonhosted|npmjs|registry\.npm)",
        r"(?<![\w.])/(?:work|root|opt/wheels|opt/pypi)/",
        r"(?<![\w.])/home/(?!hocxahoi)\w+/",
    ]
)


@cache
def _readable() -> dict[str, str]:
    """Every text but this one, which names what it looks for."""
    here = Path(__file__).resolve()
    return {
        relative(path): path.read_text()
        for path in tracked()
        if path.suffix not in BINARY and path != here and path.exists()
    }


def test_every_text_is_composed_unicode():
    exempt = {name for name in _readable() if name.startswith("tests/")}  # they try the other form

    astray = [
        name
        for name, text in _readable().items()
        if name not in exempt and not is_normalized("NFC", text)
    ]

    assert astray == []


def test_people_are_addressed_in_one_way():
    """As an office writes to its own: "anh, chị", never "bạn"."""
    shown = (*OURS, "templates/", "static/js/", "docs/huong-dan/")
    found = [
        f"{name}: {match[0]}"
        for name, text in _readable().items()
        if name.startswith(shown)
        for match in re.finditer(r".{,30}\bbạn\b", text, re.IGNORECASE)
    ]

    assert found == []


def test_no_file_names_a_registry_or_a_place_on_one_machine():
    found = [
        f"{name}: {match[0]}"
        for name, text in _readable().items()
        for match in re.finditer(PLACES, text)
    ]

    assert found == []


def test_no_file_is_left_unfinished():
    word = r"\b(?:TODO|FIXME|XXX|HACK)\b"

    found = [
        name for name, text in _readable().items() if name.endswith(".py") and re.search(word, text)
    ]

    assert found == []


def test_readme_names_only_commands_that_exist():
    readme = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = "\n".join(re.findall(r"```.*?```|`[^`]+`", readme, re.DOTALL))

    made = set(re.findall(r"\bmake ([a-z][\w-]*)", code))
    managed = set(re.findall(r"\bmanage\.py ([a-z]\w*)", code))

    assert {"demo", "test"} <= made
    assert made - targets == set()
    assert managed - set(get_commands()) == set()


def test_ci_runs_the_same_targets_as_people():
    script = (ROOT / ".ci" / "run").read_text()

    assert re.findall(r"^make ([\w-]+)$", script, re.MULTILINE) == [
        "check",
        "test",
        "test-services",
    ]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_data_file_of_tools_can_be_read():
    for path in files(".yml", ".yaml"):
        assert yaml.safe_load(path.read_text()), relative(path)
