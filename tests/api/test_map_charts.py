from api.map_charts import ChartCache
from kg.analysis.cooccurrence import Choice
from kg.view.concepts import Question
from kg.view.map_chart import Asked, chart
from kg.workspace import Reader


def test_a_chart_is_drawn_once_until_many_others_were(reader: Reader) -> None:
    cache = ChartCache()
    first = cache.get(reader, Asked())
    assert first == chart(reader, Asked())
    assert cache.get(reader, Asked()) is first
    for limit in range(2, 2 + cache.SIZE - 1):
        cache.get(reader, Asked(Question(choice=Choice(limit=limit))))
    assert cache.get(reader, Asked()) is first
    for limit in range(100, 100 + cache.SIZE):
        cache.get(reader, Asked(Question(choice=Choice(limit=limit))))
    assert cache.get(reader, Asked()) is not first
