import math

from kg.view.lettering import LETTER, LINE, Box, Lettering, Mark, Stroke, lettered


def box(mark: Mark, at: Lettering) -> Box:
    length = len(mark.name) * LETTER
    left = {"start": at.x, "middle": at.x - length / 2, "end": at.x - length}[at.anchor]
    return Box(left, at.y - LINE * 0.75, left + length, at.y + LINE * 0.25)


def test_no_name_covers_another_or_a_mark_or_leaves_the_drawing() -> None:
    marks = [
        Mark(200 + 9 * n * math.cos(n), 200 + 9 * n * math.sin(n), 4 + n % 4, f"name {n} " * (n % 3)) for n in range(20)
    ]
    placed = lettered(marks, 420, 400)
    boxes = [box(mark, at) for mark, at in zip(marks, placed, strict=True) if at]
    dots = [Box(m.x - m.size, m.y - m.size, m.x + m.size, m.y + m.size) for m in marks]
    assert 5 < len(boxes) < 20
    for at, one in enumerate(boxes):
        assert not any(one.meets(other) for other in [*boxes[at + 1 :], *dots])
        assert min(one.left, one.top) >= 0
        assert (one.right <= 420, one.bottom <= 400) == (True, True)


def test_those_that_come_first_choose_first_and_the_nameless_stay_so() -> None:
    first, second, nameless = lettered([Mark(50, 50, 5, "one"), Mark(75, 50, 5, "two"), Mark(90, 90, 5, "")], 300, 300)
    assert first is not None
    assert first.anchor == "end", "the second mark stands where its name would begin"
    assert second is not None
    assert second.anchor == "start"
    assert nameless is None


def test_a_name_stands_clear_of_lines_where_it_can() -> None:
    mark = Mark(100, 100, 5, "name")
    assert lettered([mark], 300, 300)[0] == Lettering(108, 104.5, "start")
    [beside] = lettered([mark], 300, 300, [Stroke(106, 100, 300, 100)])
    assert beside is not None
    assert beside.anchor == "end"
    every = [Stroke(100, 100, 100 + 200 * math.cos(a), 100 + 200 * math.sin(a)) for a in range(7)]
    assert lettered([mark], 300, 300, every)[0] is not None


def test_a_stroke_crosses_what_it_runs_through() -> None:
    area = Box(0, 0, 10, 10)
    assert Stroke(-5, 5, 15, 5).crosses(area)
    assert Stroke(5, 5, 6, 6).crosses(area)
    assert Stroke(-5, -5, 15, 15).crosses(area)
    assert not Stroke(-5, 5, -1, 5).crosses(area)
    assert not Stroke(-5, 12, 15, 12).crosses(area)
    assert not Stroke(-5, 8, 3, 16).crosses(area)
