"""A LangChain retriever over a store: `pip install wence[langchain]`.

from qa import PolicyQA
from qa.adapters.langchain import WenceRetriever

documents = WenceRetriever(qa=PolicyQA.open("store"), k=5).invoke("智能工厂有多少家？")
"""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from index.records import Filters
from qa.adapters.metadata import metadata
from qa.engine import PASSAGES, PolicyQA


class WenceRetriever(BaseRetriever):
    """Returns the best `k` passages, best first; `page_content` is the article's text[start:end]."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    qa: PolicyQA = Field(exclude=True, repr=False)
    k: int = Field(default=PASSAGES, ge=1)
    filters: Filters = Filters()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - the interface's
        **_: Any,
    ) -> list[Document]:
        return [
            Document(id=hit.passage.id, page_content=hit.passage.text, metadata=metadata(self.qa, hit))
            for hit in self.qa.search(query, self.k, self.filters)
        ]
