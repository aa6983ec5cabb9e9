"""The screen. The only home of textual; knows views, nothing below them."""

import os

# Textual paints at ticks of 1/60 s by default: a key would wait for up to 17 ms. It reads this when it is imported.
# What is painted is decided by keys and answers alone, so more ticks cost nothing.
os.environ.setdefault("TEXTUAL_FPS", "240")
