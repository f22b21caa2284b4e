"""Three houses write about voice models that exist nowhere; each defines its ratings in its own way.

Every name and figure is invented, so that a right answer can only have come from here.
"""

HAIYUE = """\
# 语音模型：从可用到好用

证券分析师：沈默言
执业证书编号：S0990521000011
邮箱：shenmy@haiyue.example
2022年3月7日

行业评级：看好(维持)

## 投资要点

语音模型的成本下降快于预期。我们推荐青鸾科技(688991.SH，买入)，建议关注驼峰智能(688992.SH)。

## 1 市场规模

2021年国内语音模型市场规模为37亿元，我们预计2025年达到128亿元。从2021年到2025年，语音模型的渗透率由4%升至21%。

## 2 产品

百灵语音是青鸾科技推出的合成平台，首席执行官梁思远此前在高校任教。百灵语音的训练使用了1,600小时录音。

百灵语音支持三种模态，共有24层编码器。

表 1：百灵语音的会员套餐

| 套餐 | 月付 | 年付 | 每月时长 | 是否商用 |
| --- | --- | --- | --- | --- |
| 基础会员 | 29元 | 290元 | 5小时 | 否 |
| 钻石会员 | 119元 | 1,190元 | 40小时 | 是 |

资料来源：公司官网，海岳证券研究所

图 1：百灵语音的装机量（单位：万台）

资料来源：青鸾科技公告，海岳证券研究所

## 3 风险提示

版权诉讼风险；语音诈骗监管趋严。

## 免责声明

本报告由海岳证券股份有限公司制作，仅供海岳证券股份有限公司的客户使用。

## 投资评级说明

证券的投资评级：以报告日后的6个月内，证券相对于沪深300指数的涨跌幅为标准，定义如下：

买入：相对强于市场表现20％以上；

增持：相对强于市场表现5％～20％；

卖出：相对弱于市场表现5％以下。

行业的投资评级：以报告日后的6个月内，行业相对于沪深300指数的涨跌幅为标准，定义如下：

看好：行业超越整体市场表现；

看淡：行业弱于整体市场表现。
"""

YUANLAN = """\
# 语音模型：商业化元年

证券分析师：陆清和
执业证书编号：S0660523000022
2024年5月14日

行业评级：领先大市

## 核心观点

语音模型进入商业化元年。我们预计2025年国内语音模型市场规模为150亿元，高于此前预期。

## 1 公司

青鸾科技2023年营业收入为8.6亿元，员工为640人。青鸾科技的总部位于杭州。

驼峰智能的语音模型参数量为70亿。驼峰智能尚未实现盈利。

减持：青鸾科技的二股东于2024年3月卖出2%的股份。

推荐远岚储能(301999.SZ，买入)。

## 2 风险提示

算力成本上升；版权诉讼风险。

## 免责声明

本报告由远岚证券股份有限公司制作，仅供远岚证券股份有限公司的客户使用。

## 投资评级说明

买入：预期未来12个月内股价相对中证500指数的涨幅在15%以上；

减持：预期未来12个月内股价相对中证500指数的跌幅在10%以上；

领先大市：预期未来6个月内行业指数领先市场指数10%以上；

A：正常风险，未来6个月投资收益率的波动小于等于市场指数波动；
"""

NORTHGATE = """\
# Voice models: a second look

Analyst: Dana Whitfield
14 June 2024

## Market

Northgate Securities expects the European market for voice models to reach US$2.4 billion in 2027.

## Companies

Parrot Labs employs 85 people in Lisbon. Its chief executive Ines Carvalho founded it in 2019. \
Text to speech (TTS) brings 62% of its revenue.

Parrot Labs launched Songbird 2 in March 2024. Songbird 2 has 36 layers and runs on a graphics \
card with 24 GB of memory.

Table 1: Songbird plans

| Plan | Price | Minutes per month | Open source? |
| --- | --- | --- | --- |
| Solo | $9 a month | 120 | No |
| Team | $45 a month | 900 | Yes |

Source: company data, Northgate Securities

Table 2: Speed

| Model | Words per second |
| --- | --- |
| Songbird 2 | 14 |
| Finch 3 | 9 |

Source: company data, Northgate Securities

Finch 3 is the slower one, and is sold to museums and city guides in Portugal.

The voice agents of Qingluan compete with Songbird in call centres.

## Risks

Copyright suits may delay launches. A shortage of studio recordings is possible.

## Disclaimer

This report was prepared by Northgate Securities Ltd. for its institutional clients.

## Rating definitions

Our stock ratings are relative to the expected return of the Stoxx 600 index over the next 9 months:

Buy: expected to outperform the index by more than 12%;

Hold: expected to perform within 5% of the index;

Sell: expected to underperform the index by more than 8%.
"""

HOUSES = {"haiyue.md": HAIYUE, "yuanlan.md": YUANLAN, "northgate.md": NORTHGATE}
