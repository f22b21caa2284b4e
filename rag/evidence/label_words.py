"""Words in the labels of statements that name no item of their own, in analyzer form."""

from index.terms import analyze

NEUTRAL = frozenset(
    analyze(
        "合计 总计 小计 总额 其中 总 净 净额 金额 余额 项目 加 减 数 母公司 合并 公司 在职 数量 人数 总数 总人数 "
        "花费 花 支付 发生 实现 录得 产生 需 "
        "total net sum of which amount balance item value figure parent company consolidated "
        "spend spent pay paid generate earn make book report record post incur"
    )
)
"""Words of labels and of questions that name no item, and those of totals."""

OF_GROUPS = frozenset(
    analyze(
        "assets liabilities equity shareholders stockholders current noncurrent non-current long-term "
        "short-term total net revenue revenues sales cost costs expenses expense operating income earnings "
        "loss losses profit cash flow flows activities investing financing from used provided by in per share "
        "common stock basic diluted consolidated and other of the for amounts attributable interest tax taxes "
        "流动 非流动 资产 负债 所有者 股东 权益 营业 收入 成本 费用 利润 现金 流量 活动 产生 经营 投资 筹资 "
        "其中 每股 收益 合计 合并 加 减 总 流动资产 流动负债 非流动资产 非流动负债 所有者权益 股东权益 "
        "现金流量 营业收入 营业成本"
    )
)
"""What groups of lines in the statements of a whole company are called by."""

OF_COLUMNS = frozenset(
    analyze(
        "度 本期 上期 本年 上年 期末 期初 年末 年初 发生额 发生 账面 账面价值 价值 数 年度 元 万元 实际 附注 "
        "actual amount amounts reported consolidated company unaudited audited restated month months week "
        "weeks year years quarter ended ending fiscal note notes million millions thousand thousands dollar "
        "dollars percent december january february march april may june july august september october "
        "november balance sheet sheets statement statements income operations earnings cash flows corporation "
        "inc as of and the for at usd rmb"
    )
)
"""What columns are headed by that hold the figures of the whole company."""
