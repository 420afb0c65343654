"""Draw what the suite measured: SVG text that is the same for the same figures, and fits light and dark pages.

The only file that knows matplotlib. Letters are drawn as paths, so that no font is asked for; nothing in the SVG
runs, loads or styles anything. What is ink in the drawing takes the colour of the page's text.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from xml.etree import ElementTree as ET

from linkage.errors import MissingPartError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from linkage.suite.measures import Bin

_Style: TypeAlias = tuple[str, Literal["-", "--", "-.", ":", ""], str]

SERIES = 4
"""So many methods are told apart by colour, dashes and marks."""
# After Okabe and Ito (2008), told apart by colour-blind readers too; shades that can be seen on white and on black.
_STYLES: tuple[_Style, ...] = (
    ("#0a7fc2", "-", "o"),
    ("#d55e00", "--", "s"),
    ("#009e73", "-.", "^"),
    ("#c4689a", ":", "D"),
)
_MANY: tuple[_Style, ...] = (
    *_STYLES,
    ("#b58900", "-", "v"),
    ("#7a5cc4", "--", "P"),
    ("#5b8c00", "-.", "X"),
    ("#8c8c8c", ":", "*"),
)
"""For drawings in which dashes and marks must help colours."""
_OURS = _STYLES[0][0]
_GREY = "#8c8c8c"
_INK = "#010203"
"""Stands for the colour of the page's text, which matplotlib has no word for."""
_LINK = "{http://www.w3.org/1999/xlink}href"
_SVG = "http://www.w3.org/2000/svg"
_SETTINGS: Any = {
    "svg.fonttype": "path",
    "svg.hashsalt": "linkage",
    "text.parse_math": False,
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), _INK),
}


@dataclass(frozen=True)
class Curve:
    """The ranking of one method, followed down.

    Args:
        name: the method.
        recall: after each distinct score.
        precision: after the same.
        at: recall and precision at the method's threshold; None where nothing reaches it.
    """

    name: str
    recall: Sequence[float]
    precision: Sequence[float]
    at: tuple[float, float] | None = None


def check_plots() -> None:
    """Find out whether anything can be drawn.

    Raises:
        MissingPartError: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl  # noqa: F401, PLC0415 - heavy, and optional
    except ImportError:
        raise MissingPartError(
            "plots need matplotlib, an optional part: pip install 'linkage-rings[plots]'"
        ) from None


def ring_curves(curves: Sequence[Curve], others: Sequence[Curve]) -> str:
    """Draw precision over recall of rings: the first of ``curves`` in bold, up to three more, ``others`` in grey."""
    with _drawing():
        figure = _figure(6.6, 4.9)
        axes = figure.add_subplot()
        for curve in others:
            _draw_curve(axes, curve, (_GREY, "-", "."), width=0.8)
        for curve, style in reversed(list(zip(curves, _STYLES, strict=False))):
            _draw_curve(axes, curve, style, width=2.4 if style is _STYLES[0] else 1.6)
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.04))
        axes.set(xlabel="planted rings found (recall)", ylabel="reported rings that hit one (precision)")
        _faint_grid(axes, "both")
        handles = [_handle(curve.name, style) for curve, style in zip(curves, _STYLES, strict=False)]
        _legend(figure, [*handles, *([_handle("other baselines", (_GREY, "-", "."))] if others else [])])
        return _svg(figure, "curves")


def reliability_diagram(bins: Sequence[Bin]) -> str:
    """Draw the share of true rings over the score, with 95 % intervals (Wilson 1927), and how many rings there are."""
    with _drawing():
        figure = _figure(5.6, 5.2)
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        upper.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--")
        for each in bins:
            upper.plot([each.score] * 2, _wilson(each.share, each.rings), color=_OURS, linewidth=1.4)
        shown = [each.score for each in bins], [each.share for each in bins]
        upper.plot(*shown, color=_OURS, marker="o", linestyle="")
        upper.set(ylim=(-0.03, 1.03), ylabel="rings that are true")
        widths = [each.high - each.low for each in bins]
        counts = [each.rings for each in bins]
        lower.bar([each.low for each in bins], counts, widths, align="edge", color=_OURS, alpha=0.75)
        lower.set(xlim=(-0.02, 1.02), xlabel="score; on the dashed line it keeps its word", ylabel="rings")
        _whole_numbers(lower.yaxis)
        for axes in (upper, lower):
            _faint_grid(axes, "both")
        return _svg(figure, "reliability")


def recall_bars(rows: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """Draw member recall by scenario: the first of ``series`` as bars, up to three more as marks."""
    with _drawing():
        figure, axes = _row_figure(rows, series)
        axes.set(xlim=(-0.015, 1.03), xlabel="members flagged (recall)")
        return _svg(figure, "recall")


def crowd_bars(rows: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """Draw honest accounts flagged by crowd, on a scale that shows 1 as well as 10,000, and 0."""
    with _drawing():
        figure, axes = _row_figure(rows, series)
        powers = math.ceil(math.log10(max(10, *(max(values, default=0) for values in series.values()))))
        steps = [0, *(10**power for power in range(powers + 1))]
        axes.set_xscale("symlog", linthresh=1, linscale=0.5)
        axes.set_xticks(steps, [f"{step:,}" for step in steps])
        axes.minorticks_off()
        axes.set(xlim=(-0.08, steps[-1] * 1.3), xlabel="honest accounts flagged")
        return _svg(figure, "crowds")


def score_histogram(true: Sequence[float], false: Sequence[float], *, threshold: float) -> str:
    """Draw how the scores of true rings and of honest groups are spread, one above the other."""
    with _drawing():
        figure = _figure(6.6, 4.4)
        panels = figure.subplots(2, 1, sharex=True)
        named = (("true rings", true, _OURS), ("honest groups", false, _STYLES[1][0]))
        for axes, (name, scores, colour) in zip(panels, named, strict=True):
            axes.hist(list(scores), bins=[step / 20 for step in range(21)], color=colour, alpha=0.85)
            axes.axvline(threshold, color=_INK, linewidth=1, linestyle="--")
            axes.set_title(f"{name} ({len(scores):,})", loc="left")
            axes.set_ylabel("reported")
            _whole_numbers(axes.yaxis)
            _faint_grid(axes, "y")
        panels[1].set(xlim=(-0.01, 1.01), xlabel="score; the dashed line is the threshold")
        return _svg(figure, "scores")


def cost_chart(lines: Mapping[str, Sequence[tuple[float, float]]], given_up: Mapping[str, float]) -> str:
    """Draw what each method costs against the size of the logs, on scales of tens.

    Args:
        lines: the method to its points, events and CPU seconds, from small to large; the first is drawn in bold.
        given_up: the size, in events, at which a method was given up, and is marked at the upper edge.
    """
    with _drawing():
        figure = _figure(6.6, 4.9)
        axes = figure.add_subplot()
        styles = dict(zip(lines, _MANY, strict=False))
        for name, points in reversed(list(lines.items())):
            colour, dashes, marker = styles[name]
            width = 2.4 if styles[name] is _MANY[0] else 1.4
            axes.plot(
                *zip(*points, strict=True), color=colour, linestyle=dashes, marker=marker, linewidth=width
            )
        axes.set(xscale="log", yscale="log", xlabel="events", ylabel="CPU seconds")
        for axis in (axes.xaxis, axes.yaxis):
            _plain_tens(axis)
        for name, size in given_up.items():
            axes.plot(
                [size], [0.985], color=styles.get(name, (_GREY, "", ""))[0], marker="x", markersize=8,
                transform=axes.get_xaxis_transform(), clip_on=False, linestyle="",
            )  # fmt: skip
        _faint_grid(axes, "both")
        _legend(figure, [_handle(name, style) for name, style in styles.items()])
        return _svg(figure, "costs")


@contextmanager
def _drawing() -> Iterator[None]:
    """Draw with our settings and nobody else's."""
    check_plots()
    import matplotlib as mpl  # noqa: PLC0415 - heavy, and optional

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure  # noqa: PLC0415 - heavy, and optional

    return Figure(figsize=(width, height))


def _draw_curve(axes: Axes, curve: Curve, style: _Style, *, width: float) -> None:
    colour, dashes, marker = style
    recall, precision = [0.0, *curve.recall], [*curve.precision[:1], *curve.precision]
    if curve.recall:
        axes.plot(recall, precision, drawstyle="steps-pre", color=colour, linestyle=dashes, linewidth=width)
    if curve.at:
        axes.plot(*([each] for each in curve.at), color=colour, marker=marker, markersize=4 + 1.5 * width)


def _row_figure(rows: Sequence[str], series: Mapping[str, Sequence[float]]) -> tuple[Figure, Axes]:
    """Give each row a bar of the first series and, side by side within the bar's height, marks of the others."""
    figure = _figure(7.2, 1.4 + 0.34 * max(len(rows), 2))
    axes = figure.add_subplot()
    places = range(len(rows))
    handles: list[Artist] = []
    for number, (name, (colour, _, marker)) in enumerate(zip(series, _STYLES, strict=False)):
        values = list(series[name])
        if number:
            apart = [place + (number - 2) * 0.24 for place in places]
            axes.plot(values, apart, color=colour, marker=marker, markersize=5, linestyle="", clip_on=False)
            handles.append(_handle(name, (colour, "", marker)))
        else:
            axes.barh(places, values, height=0.72, color=colour, alpha=0.55)
            axes.plot(values, places, color=colour, marker="|", markersize=15, linestyle="", clip_on=False)
            handles.append(_bar_handle(name, colour))
    axes.set_yticks(places, [_label(row, limit=48) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    _faint_grid(axes, "x")
    _legend(figure, handles)
    return figure, axes


def _handle(name: str, style: _Style) -> Artist:
    from matplotlib.lines import Line2D  # noqa: PLC0415 - heavy, and optional

    colour, dashes, marker = style
    return Line2D([], [], color=colour, linestyle=dashes, marker=marker, markersize=5, label=_label(name))


def _bar_handle(name: str, colour: str) -> Artist:
    from matplotlib.patches import Patch  # noqa: PLC0415 - heavy, and optional

    return Patch(color=colour, alpha=0.55, label=_label(name))


def _legend(figure: Figure, handles: Sequence[Artist]) -> None:
    figure.legend(handles=list(handles), loc="outside lower center", ncols=2, handlelength=3.2)


def _label(text: str, *, limit: int = 40) -> str:
    """Keep to letters that the font has; a name that begins with _ would be left out of the legend."""
    shown = inert(text, limit).replace("…", "...").encode("ascii", "backslashreplace").decode()
    return f" {shown}" if shown.startswith("_") else shown


def _faint_grid(axes: Axes, axis: Any) -> None:  # noqa: ANN401 - matplotlib's own words
    axes.grid(visible=True, axis=axis, color=_GREY, alpha=0.25, linewidth=0.7)


def _whole_numbers(axis: Axis) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - heavy, and optional

    axis.set_major_locator(MaxNLocator(nbins=4, integer=True))


def _plain_tens(axis: Axis) -> None:
    """Mark 1, 2, 5, 10, … and write them as people do."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator  # noqa: PLC0415 - heavy, and optional

    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axis.set_minor_locator(NullLocator())


def _wilson(share: float, count: int) -> tuple[float, float]:
    """Give the 95 % interval of a share."""
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _svg(figure: Figure, name: str) -> str:
    """Write a figure as SVG that may stand inside a page with a strict policy and beside other figures."""
    written = io.BytesIO()
    figure.savefig(written, format="svg", transparent=True)
    root = ET.fromstring(written.getvalue())  # noqa: S314 - matplotlib's own words of a moment ago
    used = {link[1:] for each in root.iter() if (link := each.get(_LINK, ""))}
    used |= {target for each in root.iter() for target in re.findall(r"url\(#(.+?)\)", str(each.attrib))}
    for each in list(root.iter()):
        _strip(each)
        _rename(each, name, used)
    root.attrib |= {"stroke-linejoin": "round", "stroke-linecap": "butt", "role": "img"}
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _LINK[1:].partition("}")[0])
    return ET.tostring(root, encoding="unicode").replace(_INK, "currentColor")


def _strip(element: ET.Element) -> None:
    """Take out what says when and by what it was made; turn styles into attributes, which no policy forbids."""
    for child in list(element):
        if child.tag in {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}:
            element.remove(child)
    for part in element.attrib.pop("style", "").split(";"):
        key, _, value = part.partition(":")
        if value:
            element.set(key.strip(), value.strip())


def _rename(element: ET.Element, name: str, used: set[str]) -> None:
    """Keep only the ids that something refers to, and make them the figure's own."""
    own = element.attrib.pop("id", None)
    if own in used:
        element.set("id", f"{name}-{own}")
    for key, value in element.attrib.items():
        if key == _LINK:
            element.set(key, f"#{name}-{value[1:]}")
        elif value.startswith("url(#"):
            element.set(key, f"url(#{name}-{value[5:]}")
