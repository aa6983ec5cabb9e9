"""The screen: asks a feed, draws what it answers, and does what keys say.

Promise: nothing here waits for the feed; the terminal is as it was however the screen ends; what is shown says when
it is paused, old, incomplete or wrong.
Does not know: engines, packets, files; how one row or one bar is drawn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.filter import ANSIToTruecolor, LineFilter
from textual.screen import Screen
from textual.timer import Timer

from ratop_py.errors import Exit, RatopError
from ratop_py.filter import FilterError
from ratop_py.tui import asking, deeds, feed, lasting, moments, pace, saved, spot, status, terminal, wishes
from ratop_py.tui.details import Details
from ratop_py.tui.feed import Answer, Feed, Job, Reader
from ratop_py.tui.footer import clicked
from ratop_py.tui.ink import VARIABLES, Ink, textual_theme, themes
from ratop_py.tui.keyboard import Keyboard
from ratop_py.tui.keymap import ROWS, Place
from ratop_py.tui.languages import languages, trouble_of
from ratop_py.tui.lines import Lines
from ratop_py.tui.log import Record
from ratop_py.tui.look import Habit, Look, Trail
from ratop_py.tui.messages import Answered, Done
from ratop_py.tui.options import Options
from ratop_py.tui.overlay import Overlay
from ratop_py.tui.prompter import Prompter
from ratop_py.tui.stage import Scene, Stage
from ratop_py.tui.table import FlowTable
from ratop_py.tui.tabs import target_at
from ratop_py.view import Sight, Snapshot, sight_of

HOLD = 1.5
"""Seconds after a key in the table in which the order stands still."""
PAST = 60
"""Rates kept for the sparks."""
BAR_SECONDS = 0.5
UNSEEN = 1.0
"""Seconds between refreshes while the terminal has no focus."""
EAGER = 3.0
"""Seconds after the start in which it is asked often until there is a flow."""


class RatopApp(App[int], inherit_bindings=False):
    """Everything that changes while the screen is up."""

    CSS_PATH = "ratop.tcss"
    TITLE = "ratop"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(
        self, source: Feed, options: Options, theme: str = "dark", clock: Callable[[], float] = feed.now
    ) -> None:
        super().__init__()
        for name in themes():
            self.register_theme(textual_theme(name))
        self.ink: Ink = Ink(theme, options.ascii)
        self.theme = f"ratop-{theme}"
        self.feed, self.options, self.clock = source, options, clock
        self.reader = Reader(source, self._deliver)
        self.kept = lasting.Kept(options)
        self.trail: Trail = Trail(replace(self.kept.left[options.view], filter=options.filter))
        self.at: float | None = None
        """Moment of the past that is looked at, data clock; None: now."""
        self.newest = 0.0
        """The latest moment that was seen, data clock."""
        self.trying: str | None = None
        """A filter that is being typed and shown already."""
        self.habit: Habit = lasting.habit(options.habits)
        self.stage: Stage = Stage(self.ink, self.look, self.habit)
        self.rate = options.rate
        self.snapshot: Snapshot | None = None
        self.refusal: RatopError | None = None
        self.failure: Exception | None = None
        self.message: tuple[str, str] = ("", "text")
        self.paused_at: float | None = None
        self.touched_at = -HOLD
        self.answered_at = self.began_at = clock()
        self.rx: deque[float] = deque(maxlen=PAST)
        self.tx: deque[float] = deque(maxlen=PAST)
        self.prompter = Prompter(languages(self), options.history)
        self.ticker: Timer | None = None
        self.resting: Timer | None = None
        self.ticked: frozenset[int] = frozenset()
        """Ids of rows that a person marked."""
        self.answered_look: Look | None = None
        """The last look that was answered."""
        self.record = Record()
        self.keyboard = Keyboard(self)
        self.picked_for = self.picked_last = ""
        self.values_seen: dict[str, list[str]] = {}
        """Words of the flows when typing began, by field: what Tab offers."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The stylesheet's own names, which must exist before a theme gives them a value."""
        return dict.fromkeys(VARIABLES, "black")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Without the one that looks for the terminal's own colours where true ones are used: our inks never mix."""
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    def get_default_screen(self) -> Screen[Any]:
        """Ours, without Textual's own keys."""
        return self.stage

    @property
    def table(self) -> FlowTable:
        """The flows."""
        return self.stage.table

    @property
    def details(self) -> Details:
        """The details of the chosen flow."""
        return self.stage.details

    # -- life ----------------------------------------------------------------------------------------------------------

    def on_stage_ready(self) -> None:
        """Start asking."""
        if not self.is_headless:
            terminal.on_signals(lambda: self.exit(0))
        self.app_resume_signal.subscribe(self.stage, lambda _: self.stage.redraw(), immediate=True)
        self.draw()
        self.reader.start()
        self.open_source()
        self.set_rate(self.rate)
        self.set_interval(BAR_SECONDS, self.draw)

    def _deliver(self, answer: Answer) -> None:
        self.post_message(Answered(answer))

    def open_source(self) -> None:
        """Start the feed, on the reader's thread."""
        self.refusal = None
        self.began_at = self.clock()
        self.reader.open(asking.question(self))

    def on_unmount(self) -> None:
        """The reader ends before the terminal is given back."""
        self.reader.stop()
        if self.options.remember is not None:
            self.options.remember(lasting.told(self))

    def _fatal_error(self) -> None:
        """Textual prints a traceback with all locals here; `run` writes a report instead.

        A private name: a test fails if Textual stops calling it. Public since never; delete when it is.
        """
        self.failure = self._exception if isinstance(self._exception, Exception) else None
        self._close_messages_no_wait()

    # -- asking --------------------------------------------------------------------------------------------------------

    @property
    def look(self) -> Look:
        """What is shown now: the look that was chosen, with the filter that is being tried."""
        return self.trail.now if self.trying is None else replace(self.trail.now, filter=self.trying)

    @property
    def sight(self) -> Sight:
        """How flows are put together."""
        return sight_of(self.look.sight)

    @property
    def paused(self) -> bool:
        """The flows are held."""
        return self.paused_at is not None

    def ask(self, *jobs: Job) -> None:
        """Ask, now."""
        self.reader.want(asking.question(self), *jobs)

    def tick(self) -> None:
        """Twice a second: what is new?"""
        seen = self.app_focus or self.clock() - self.answered_at >= UNSEEN
        if not self.paused and self.refusal is None and seen:
            self.ask()

    def set_rate(self, rate: float) -> None:
        """So many refreshes a second."""
        self.rate = rate
        if self.ticker is not None:
            self.ticker.stop()
        self.ticker = self.set_interval(1 / rate, self.tick)

    def on_answered(self, event: Answered) -> None:
        """Show an answer, or say what went wrong."""
        answer = event.answer
        pace.settled()
        if answer.snapshot is not None:
            self._take(answer.snapshot)
            if not answer.snapshot.total and self.clock() - self.began_at < EAGER:
                self.set_timer(0.1, self.tick)
        elif isinstance(answer.failure, RatopError):
            self._refused(answer.failure)
        elif answer.failure is not None:
            self.failure = answer.failure
            self.exit(int(Exit.FAILED), int(Exit.FAILED))

    def _take(self, snapshot: Snapshot) -> None:
        before, self.snapshot = self.snapshot, snapshot
        if not asking.awaited(self):
            self.answered_look = self.look
        self.answered_at = self.clock()
        self.newest = max([self.newest, snapshot.meters.clock, *(each.at for each in snapshot.meters.pulse[-1:])])
        if before is None or snapshot.generation != before.generation:
            self.rx.append(snapshot.meters.rx_bps)
            self.tx.append(snapshot.meters.tx_bps)
        if snapshot.view.filter == saved.meant(self.look.filter, self.kept.filters):
            self.prompter.shown(self.look.filter)
        self.table.ghost_reason = self._why_gone(snapshot)
        self.table.show(snapshot, hold=self.held)
        if snapshot.detail is not None or not self.details.open:
            self.details.show_detail(snapshot.detail)
        self.record.notices((*self.options.notices, *snapshot.meters.notices), self.say)
        self.keyboard.answered()
        self.draw()

    def _why_gone(self, snapshot: Snapshot) -> str:
        if self.sight.grouped:
            return "there is no such row any more"
        if snapshot.view.detail is None or snapshot.detail is None:
            return "it has ended and is gone"
        return "it does not match the filter any more" if self.look.filter else "it has left the view"

    def _refused(self, error: RatopError) -> None:
        self.keyboard.forget()
        if self.snapshot is None:
            self.refusal = error
        elif isinstance(error, FilterError) and self.prompter.prompt is not None:
            self.prompter.refused(error.text, trouble_of(error))
        else:
            if self.answered_look is not None and self.look != self.answered_look:
                self.trail, self.trying = self.trail.instead(self.answered_look), None
                self.table.present(self.look, self.habit)
            self.say(f"✗ {error.message}", "high")
        self.draw()

    # -- drawing -------------------------------------------------------------------------------------------------------

    @property
    def held(self) -> bool:
        """A key was just pressed in the table: the order stands still."""
        return self.clock() - self.touched_at < HOLD

    @property
    def place(self) -> Place:
        """Where keys go."""
        if self.prompter.prompt is not None:
            return Place.PROMPT
        if self.refusal is not None:
            return Place.REFUSED
        if self.table.pick:
            return Place.PICK
        return Place.TREE if self.sight.tree else Place.GROUPS if self.sight.grouped else Place.FLOWS

    def draw(self) -> None:
        """Draw what is true now."""
        self.stage.show(Scene(status.of(self), self.prompter.prompt, self.refusal, self.options.command))

    def say(self, text: str, tone: str = "text") -> None:
        """A message in the last line; it stays until the next key."""
        self.message = (text, tone)
        self.record.add(text, tone)
        self.draw()

    def on_stage_resized(self) -> None:
        """Another size."""
        self.draw()

    # -- what is looked at ---------------------------------------------------------------------------------------------

    def go_look(self, trail: Trail) -> None:
        """Look at something else."""
        moved, self.kept.left[self.trail.now.sight] = trail.now.place != self.trail.now.place, self.trail.now
        if self.ticked and trail.now.sight != self.trail.now.sight:  # ids of other rows
            self.ticked = frozenset()
            self.table.tick(self.ticked)
        anchor = trail.now.anchor
        self.trail, self.trying = trail, None
        if moved and (anchor is not None or self.table.cursor.chosen):
            self.table.seek(anchor)
        self.present()

    def look_at(self, look: Look) -> None:
        """Look at something else, with a way back to the row that is chosen now."""
        self.go_look(self.trail.go(look, self.table.cursor.flow))

    def try_filter(self, text: str | None) -> None:
        """Show a filter that is still being typed, once the keys rest; None: back to the one before."""
        if self.resting is not None:
            self.resting.stop()
        if text is None:
            self.trying = None
            self.present()
            return

        def apply() -> None:
            if self.prompter.prompt is not None:  # else it was taken or given up before the keys rested
                self.trying = text
                self.present()

        self.resting = self.set_timer(0.15, apply)

    def present(self) -> None:
        """Show the look, and ask for it."""
        self.touched_at = -HOLD
        self.table.present(self.look, self.habit)
        self.ask()
        self.draw()

    # -- keys and mouse ------------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Every key of the screen comes here; the palette has its own."""
        screen = self.screen
        if not isinstance(screen, Stage | Overlay):
            return
        event.prevent_default()
        event.stop()
        self.message = ("", "text")
        self.keyboard.press(event.key, event.character)
        self.draw()

    def do(self, deed: str) -> bool:
        """Carry out a deed; False: nobody knows it."""
        if self.prompter.do(deed):
            self.draw()
            return True
        return deeds.do(self, deed)

    def on_paste(self, event: events.Paste) -> None:
        """Text from the clipboard goes where text is typed, and nowhere else."""
        if isinstance(self.screen, Overlay):
            self.screen.pasted(event.text)
        elif self.prompter.prompt is not None:
            self.prompter.paste(event.text)
            self.draw()

    def touch(self) -> None:
        """A key or a click in the table: hold the order."""
        self.touched_at = self.clock()

    def on_flow_table_moved(self) -> None:
        """The cursor is on another flow."""
        if self.details.open:
            self.details.forget()
            self.ask()
        self.draw()

    def on_flow_table_window_wanted(self) -> None:
        """Rows are missing."""
        self.ask()

    def on_flow_table_title_clicked(self, event: FlowTable.TitleClicked) -> None:
        """Sort; again: the other way round."""
        wishes.sort_by(self, event.name_clicked)

    def on_flow_table_opened(self) -> None:
        """A double click."""
        deeds.do(self, "details")

    def on_flow_table_asked(self, event: FlowTable.Asked) -> None:
        """A right click."""
        spot.ask(self, event.column)

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        """A hint in the footer is clicked; Esc and letters of the prompt are keys. The top says how much is known."""
        if event.lines.id == "footer" and (deed := clicked(self.stage.drawn, self.size.width, event.x)):
            self.do(deed)
        elif event.lines.id == "top" and self.place in ROWS:
            if not moments.clicked(self, event.x, event.y):
                self.do("coverage")
        elif event.lines.id == "details" and event.y == 0:
            self.do("zoom")
        elif event.lines.id == "tabs" and (target := target_at(self.stage.drawn, self.size.width, event.x)):
            self.do(target.replace("view ", "view-"))

    def on_click(self) -> None:
        """A click counts as a touch."""
        self.message = ("", "text")
        self.touch()

    # -- on other threads ----------------------------------------------------------------------------------------------

    def on_done(self, event: Done) -> None:
        """A job on another thread is over."""
        event.then()
