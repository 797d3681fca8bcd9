"""What a machine must bring that no Python package does."""

from ctypes.util import find_library

from django.core import checks

# The name the linker knows, and the Debian package that brings it.
PDF_LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


def missing_libraries() -> list[str]:
    """Debian packages without which WeasyPrint makes no PDF, or a poor one."""
    return [package for name, package in PDF_LIBRARIES.items() if find_library(name) is None]


@checks.register(deploy=True)
def check_pdf_libraries(app_configs, **kwargs) -> list[checks.CheckMessage]:
    missing = missing_libraries()
    if not missing:
        return []
    return [
        checks.Warning(
            "Thiếu thư viện để tạo PDF.",
            hint=f"apt-get install {' '.join(missing)}",
            id="hocxahoi.W001",
        )
    ]
