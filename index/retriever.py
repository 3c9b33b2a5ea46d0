"""The retriever: a query in, the best passages out."""

from index.embedders import Embedder
from index.errors import InputError
from index.folding import fold
from index.passage_index import PassageIndex, check_embedder
from index.records import Filters, Hit

NO_FILTERS = Filters()


class Retriever:
    """Searches an index with the embedder that it was built with."""

    def __init__(self, index: PassageIndex, embedder: Embedder) -> None:
        """EmbedderMismatchError if the index holds another embedder's vectors."""
        self._index = index
        self._embedder = embedder
        check_embedder(index.embedder, embedder.name)

    def search(self, query: str, k: int = 10, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The best `k` passages that the filters allow, best first; fewer only if there are fewer."""
        if k < 1:
            raise InputError(f"要找的段落数须是正整数，而不是 {k}")
        folded = fold(query)
        if not folded.strip():
            raise InputError("问题是空的；请写出要问的内容")
        check_embedder(self._index.embedder, self._embedder.name)  # it may have been filled anew since
        vector = self._embedder.encode_queries([folded])[0]
        return self._index.search(folded, vector, k, filters)
