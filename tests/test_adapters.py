"""Adapters: the real LangChain and LlamaIndex get passages of the articles, filtered and in order."""

import asyncio
import json
from typing import Any

from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer

from qa import Filters, Hit, PolicyQA
from qa.adapters.langchain import WenceRetriever as LangChainRetriever
from qa.adapters.llama_index import WenceRetriever as LlamaIndexRetriever

QUERY = "育儿补贴"
TIANJIN = Filters(region="天津市")


def _check(qa: PolicyQA, hits: list[Hit], found: list[tuple[str, str, dict[str, Any]]]) -> None:
    assert [id_ for id_, _, _ in found] == [hit.passage.id for hit in hits]
    for _, text, about in found:
        article = qa.article(about["article_id"])
        assert text == article.text[about["start"] : about["end"]]
        assert about["title"] == article.title
        assert about["published"] == str(article.published)
        json.dumps(about)


def test_langchain_gets_the_best_passages(small: PolicyQA) -> None:
    documents = LangChainRetriever(qa=small, k=3).invoke(QUERY)
    _check(small, small.search(QUERY, 3), [(d.id or "", d.page_content, d.metadata) for d in documents])
    assert documents[0].metadata["article_id"] == "jiaxing-2021"
    assert asyncio.run(LangChainRetriever(qa=small, k=3).ainvoke(QUERY)) == documents


def test_langchain_filters_and_chains(small: PolicyQA) -> None:
    retriever = LangChainRetriever(qa=small, filters=TIANJIN)
    assert {d.metadata["region"] for d in retriever.invoke(QUERY)} == {"天津市", "全国"}
    prompt = ChatPromptTemplate.from_template("{context}\n{question}")
    chain = {"context": LangChainRetriever(qa=small, k=1), "question": RunnablePassthrough()} | prompt
    assert "8000元" in chain.invoke(QUERY).to_string()


def test_llama_index_gets_the_best_passages(small: PolicyQA) -> None:
    retriever = LlamaIndexRetriever(small, k=3)
    nodes = retriever.retrieve(QUERY)
    hits = small.search(QUERY, 3)
    _check(small, hits, [(n.node.node_id, n.node.get_content(), n.node.metadata) for n in nodes])
    assert [n.score for n in nodes] == [hit.score for hit in hits]
    awaited = asyncio.run(retriever.aretrieve(QUERY))
    assert [n.node.node_id for n in awaited] == [n.node.node_id for n in nodes]


def test_llama_index_filters_and_serves_a_query_engine(small: PolicyQA) -> None:
    found = LlamaIndexRetriever(small, filters=TIANJIN).retrieve(QUERY)
    assert {n.node.metadata["region"] for n in found} == {"天津市", "全国"}
    engine = RetrieverQueryEngine(
        LlamaIndexRetriever(small, k=1),
        get_response_synthesizer(llm=MockLLM(), response_mode=ResponseMode.COMPACT),
    )
    sources = engine.query(QUERY).source_nodes
    assert "8000元" in sources[0].node.get_content()
