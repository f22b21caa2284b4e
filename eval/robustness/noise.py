"""Reports about other things, made from a seed: they have the form of ours and none of its facts."""

import random
from pathlib import Path

_SECTORS = (
    ("水泥", "cement"), ("生猪养殖", "hog farming"), ("光伏玻璃", "solar glass"),
    ("集装箱航运", "container shipping"), ("白酒", "baijiu"), ("医药流通", "drug distribution"),
    ("动力煤", "thermal coal"), ("造纸", "paper"), ("化肥", "fertiliser"), ("机场", "airports"),
    ("定制家具", "fitted furniture"), ("乳制品", "dairy"), ("锂电隔膜", "battery separators"),
    ("特钢", "special steel"), ("轮胎", "tyres"), ("冷链物流", "cold-chain logistics"),
    ("工程机械", "construction machinery"), ("风电塔筒", "wind towers"), ("农药", "pesticides"),
    ("纺织服装", "textiles"), ("调味品", "condiments"), ("铜冶炼", "copper smelting"),
    ("眼科医院", "eye hospitals"), ("黄金珠宝", "gold jewellery"), ("宠物食品", "pet food"),
)  # fmt: skip
_ZH_NAMES = ("海川", "恒岳", "东麓", "金桐", "瑞衡", "长浦", "南屏", "云岭", "北辰湾", "嘉陵")
_EN_NAMES = ("Halden", "Norbrook", "Castell", "Penrose", "Marwick", "Tolland", "Ferring", "Orrin")
_ZH_LINES = (
    "{year}年中国{sector}市场规模预计达到{a}亿元，同比增长{b}%。",
    "我们预计{later}年{sector}行业规模将超过{c}亿元，复合增速约{b}%。",
    "行业前五名企业的市场份额为{d}%，集中度继续提升。",
    "{company}是{sector}龙头，{year}年营业收入为{e}亿元，毛利率为{d}%。",
    "原材料价格下降使得{sector}企业的单位成本减少了{b}%。",
    "推荐{company}(60{f}.SH，买入)，目标价{g}元。",
    "调研显示，{d}%的经销商认为{sector}需求将在下半年回升。",
    "风险提示：需求不及预期；原材料价格上涨；行业竞争加剧。",
)
_EN_LINES = (
    "China's {sector} market should reach RMB {a} billion in {year}, up {b}% year on year.",
    "We expect the {sector} industry to exceed RMB {c} billion by {later}, a CAGR of about {b}%.",
    "The five largest companies hold {d}% of the market, and concentration keeps rising.",
    "{company} leads in {sector}: revenue was RMB {e} million in {year}, gross margin {d}%.",
    "Lower input prices cut unit costs in {sector} by {b}%.",
    "We recommend {company} with a target price of RMB {g}.",
    "In our survey {d}% of dealers expect {sector} demand to recover in the second half.",
    "Risks: weaker demand, higher input prices, tougher competition.",
)


def write_noise(folder: Path, num: int, *, seed: int = 1) -> None:
    """Write `num` reports as text files, half of them Chinese; the same seed, the same files."""
    for number in range(num):
        rng = random.Random(f"{seed} {number}")
        text = _report(rng, chinese=number % 2 == 0)
        (folder / f"noise_{number:04d}.txt").write_text(text, encoding="utf-8")


def _report(rng: random.Random, *, chinese: bool) -> str:
    zh, en = rng.choice(_SECTORS)
    sector = zh if chinese else en
    company = rng.choice(_ZH_NAMES) + "股份" if chinese else f"{rng.choice(_EN_NAMES)} Group"
    lines = list(_ZH_LINES if chinese else _EN_LINES)
    year = rng.randint(2021, 2026)
    filled = [
        line.format(
            sector=sector,
            company=company,
            year=year,
            later=year + rng.randint(2, 5),
            a=rng.randint(60, 3000),
            b=rng.randint(3, 45),
            c=rng.randint(300, 9000),
            d=rng.randint(11, 89),
            e=f"{rng.uniform(8, 600):.1f}",
            f=rng.randint(1000, 9999),
            g=f"{rng.uniform(5, 90):.2f}",
        )
        for line in rng.sample(lines, len(lines))
    ]
    title = (
        f"# {sector}行业深度：景气拐点渐近"
        if chinese
        else f"# {sector.capitalize()}: turning the corner"
    )
    heads = ("## 市场规模", "## 竞争格局", "## 投资建议") if chinese else (
        "## Market size", "## Competition", "## Recommendation")  # fmt: skip
    table = _table(rng, sector, year, chinese=chinese)
    parts = [title, heads[0], *filled[:3], table, heads[1], *filled[3:6], heads[2], *filled[6:]]
    return "\n\n".join(parts) + "\n"


def _table(rng: random.Random, sector: str, year: int, *, chinese: bool) -> str:
    names = rng.sample(_ZH_NAMES if chinese else _EN_NAMES, 3)
    head = ("公司", "收入（亿元）", "份额") if chinese else ("Company", "Revenue (RMB m)", "Share")
    caption = (
        f"表 1：{year}年{sector}主要公司" if chinese else f"Table 1: {sector} companies, {year}"
    )
    rows = [f"| {name} | {rng.uniform(5, 400):.1f} | {rng.randint(2, 40)}% |" for name in names]
    return "\n".join([caption, "", f"| {' | '.join(head)} |", "| --- | --- | --- |", *rows])
