"""ratop: who this machine talks to, on whose behalf, and why we believe it."""

__version__ = "0.1.0"
