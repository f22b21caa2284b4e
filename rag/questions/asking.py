"""Words that ask or address the assistant and say nothing of the subject.

Rare as some of them are in written text (怎么回事, 那幅, 几块), no report answers with them, so that they must
not be held against it.
"""

import re

from index.terms import analyze

_WORDS = """
    请问 请 告诉 一下 哪家 哪位 哪款 哪种 哪年 多大 多高 多久 多长 有没有 是否 是不是 能否 能不能 会不会
    具体 分别 各自 情况 报告 研报 提到 提及 点到 谈到 讲到 说到 写到 认为 根据 按照 说 里
    中 列出 列为 列入 列举 给出 举 举例 例子 介绍 解释 总结 概括 比较 对比 原因 多少钱 是多少 时候 主要
    目前 大概 大约
    大致 差不多 左右 一共 总共 共有 怎么看 如何看 指 叫 意思 含义 定义 个 家 种 份 款 有 没有 会 能 可以
    应该 上 下 给
    券商 预计 这份 这篇 那份 那篇 列 列了 写 写了 讲 提 谈 回事 怎么回事 咋回事 干什么 干嘛 干啥 什么用
    怎么样 怎样 如何 到底
    究竟 表里 表中 图中 图里 文中 文里 里面 上面 当中 其中 叫法 说法 讲法 是啥 啥 有何 何在 在哪 哪里 哪儿
    出来 起来 下来
    的话 来说 来讲 而言 对于 关于 至于 为啥 为什么 凭什么 凭啥 怎么 咋 想问 问下 麻烦 帮我 帮忙 想知道 知道 看看 查
    意味 意味着 查下 各是 都是 啦 呗 嘛 呀 谁家 谁
    tell give list name show explain describe summarize summary compare report reports note
    notes say says said mention mentions according much many long large big does mean means
    definition meant please kind kinds type main per use used using expect expected
    roughly approximately besides via apart around against across among during within onto upon toward
    towards about between see sees seen define defines defined footnote footnoted letters stand stands
    字母 缩写 简称 exactly amount amounts 照 依照 跟 还有 仍 仍然 归纳 概述 简要 简述 梳理 根子 根源 症结
    元 万元 亿元 针对 期内 报告期 报告期内 该 该公司 如果
    alone fy cy must now soon ever even put still yet too just really actually
"""
_ASKING = frozenset(term for word in _WORDS.split() for term in analyze(word))
# "那幅", "几块", "哪几家", "两种", "一次": a pointing or counting word with what counts it.
_POINTING = re.compile(
    r"(?:啥|什么|怎么|咋|哪)[\u4e00-\u9fff]{0,2}|(?:哪一?[年月天日号]){1,3}|"
    r"(?:[这那哪某每各几两一二三四五六七八九十]|多少|好几){1,3}"
    r"(?:[个幅张块家档种款份次遍条项位名只台样些里批支组类层段句点步套版本头边方面者儿])*"
)


def only_asks(term: str) -> bool:
    """Say whether a term, in analyzer form, only asks.

    >>> only_asks("几块"), only_asks("怎么回事"), only_asks("市值"), only_asks("三维")
    (True, True, False, False)
    """
    return term in _ASKING or _POINTING.fullmatch(term) is not None
