"""The screen. The only home of textual; knows views, nothing below them."""
