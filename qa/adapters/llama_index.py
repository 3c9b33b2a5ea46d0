"""A LlamaIndex retriever over a store: `pip install wence[llama-index]`.

from qa import PolicyQA
from qa.adapters.llama_index import WenceRetriever

nodes = WenceRetriever(PolicyQA.open("store"), k=5).retrieve("智能工厂有多少家？")
"""

import asyncio

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.records import Filters, Hit
from qa.adapters.metadata import metadata
from qa.engine import PASSAGES, PolicyQA


class WenceRetriever(BaseRetriever):
    """Returns the best `k` passages, best first; a node's text is the article's text[start:end]."""

    def __init__(
        self,
        qa: PolicyQA,
        *,
        k: int = PASSAGES,
        filters: Filters = Filters(),  # noqa: B008 - frozen
    ) -> None:
        self._qa, self._k, self._filters = qa, k, filters
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._qa.search(query_bundle.query_str, self._k, self._filters)
        return [NodeWithScore(node=self._node(hit), score=hit.score) for hit in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _node(self, hit: Hit) -> TextNode:
        return TextNode(
            id_=hit.passage.id,
            text=hit.passage.text,
            metadata=metadata(self._qa, hit),
            start_char_idx=hit.passage.start,
            end_char_idx=hit.passage.end,
        )
