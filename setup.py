"""The compiled hot path: two files in Cython's pure Python mode, optional, for the limited API.

`RATOP_REQUIRE_EXT=1` turns a failed or missing build into an error; without it the package installs and runs uncompiled.
"""

import os

from setuptools import Extension, setup

HOT = ("flow/engine", "export/lines")
DIRECTIVES = {
    "language_level": 3,
    "boundscheck": True,  # a forgotten length check costs one packet, not memory safety
    "wraparound": False,
    "cdivision": True,
    "initializedcheck": False,
    "show_performance_hints": False,
}


def extensions() -> list[Extension]:
    required = bool(os.environ.get("RATOP_REQUIRE_EXT"))
    try:
        from Cython.Build import cythonize
    except ImportError:
        if required:
            raise
        return []
    made: list[Extension] = cythonize(
        [
            Extension(
                "ratop_py." + name.replace("/", "."),
                [f"ratop_py/{name}.py"],
                define_macros=[("Py_LIMITED_API", "0x030B0000")],
                extra_compile_args=["-O3", "-ffp-contract=off"],  # no fused multiply-add: both modes round alike
                py_limited_api=True,
            )
            for name in HOT
            if os.path.exists(f"ratop_py/{name}.py")
        ],
        compiler_directives=DIRECTIVES,
        build_dir="build",
    )
    for extension in made:
        extension.optional = not required
    return made


setup(ext_modules=extensions(), options={"bdist_wheel": {"py_limited_api": "cp311"}})
