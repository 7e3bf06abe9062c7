"""The home page."""

from tests.bench.reading import always, reading_row

ROW = reading_row("home-page", "home page", always("/"), p99=300)
