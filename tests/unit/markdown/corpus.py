"""A hundred awkward documents, by name."""

from __future__ import annotations

from typing import Final

TABLE: Final = "| a | b |\n|---|---|\n| 1 | 2 |\n"
ID: Final = "ou_0123456789abcdef0123456789abcdef"


def _wide(columns: int, rows: int = 2) -> str:
    header = "|" + "|".join(f" c{n} " for n in range(columns)) + "|\n"
    rule = "|" + "---|" * columns + "\n"
    return header + rule + ("|" + "|".join(f" {n} " for n in range(columns)) + "|\n") * rows


BLOCKS: Final = {
    "empty": "",
    "one_space": " ",
    "only_blank_lines": "\n\n\n",
    "one_word": "hello",
    "no_line_end": "one\n\ntwo",
    "crlf": "one\r\n\r\n```\r\ncode\r\n```\r\n\r\ntwo\r\n",
    "tabs": "\tindented\n\n-\titem\n\t- inner\n",
    "headings": "# one\n## two\n### three\n#### four\n##### five\n###### six\n####### seven\n",
    "closed_headings": "# one #\n## two ##  \n### a#\n#\n#no\n",
    "setext_headings": "One\n===\n\nTwo\n---\n\ntext\n",
    "heading_with_code": "## `a_b` and **bold**\n",
    "two_hundred_headings": "".join(f"# h{n}\n" for n in range(200)),
    "quote": "> one\n> two\n>\n> > inner\n",
    "quote_with_fence": "> ```py\n> a = '<b>'\n> ```\n> after\n",
    "list": "- one\n- two\n  - inner\n    - deeper\n- three\n",
    "numbered_list": "1. one\n2. two\n   text\n10) ten\n",
    "list_with_fence": "- one\n  ```sh\n  ls <dir>\n  ```\n- two\n",
    "fence_as_item": "- ```\n  code\n  ```\n- next\n",
    "tasks": "- [ ] to do\n- [x] done\n* [X] done too\n- [y] no task\n",
    "deep_list": "".join("  " * n + f"- level {n}\n" for n in range(30)),
    "rules": "one\n\n---\n\n***\n\n___\n",
    "fence": "```python\nprint('<b>')\n```\n",
    "tilde_fence": "~~~\n```\nnot closed by ticks\n```\n~~~\n",
    "nested_fences": "````md\n```py\nx = 1\n```\n````\n",
    "fence_in_fence_of_its_length": "```\n~~~\n```\nafter\n~~~\ncode\n~~~\n",
    "unclosed_fence": "before\n\n```js\nconst a = 1;\n",
    "fence_closed_by_longer": "```\ncode\n``````\nafter `x`\n",
    "fence_not_closed_by_info": "```\ncode\n``` js\nstill code\n```\n",
    "ticks_in_a_line": "``` not a fence ``` <b>\n",
    "empty_fence": "```\n```\n",
    "indented_code": "text\n\n    <b>code</b>\n\nafter\n",
    "code_then_text_at_once": "```\nx\n```\ntext\n```\ny\n```\n",
    "fence_after_text": "text\n```\nx\n```\n",
    "table": TABLE,
    "table_without_bars": "a | b\n--|--\n1 | 2\n",
    "table_aligned": "| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n",
    "table_after_text": "text\n" + TABLE + "after\n",
    "table_of_cjk": "| 名字 | 值 |\n|---|---|\n| 中文字 | 1 |\n| a | 二 |\n",
    "table_of_one_column": "| a |\n|---|\n| 1 |\n",
    "table_with_code": "| a | b |\n|---|---|\n| `x|y` | `<b>` |\n",
    "table_with_escapes": "| a | b |\n|---|---|\n| x \\| y | \\\\ |\n",
    "table_with_short_rows": "| a | b | c |\n|---|---|---|\n| 1 |\n| 1 | 2 | 3 | 4 |\n",
    "table_with_empty_cells": "| a | b |\n|---|---|\n| | |\n|  | 2 |\n",
    "table_that_is_none": "| a | b |\nno rule\n",
    "table_rule_alone": "|---|---|\n",
    "three_tables": (TABLE + "\n") * 3,
    "four_tables": (TABLE + "\n") * 4,
    "tables_at_once": TABLE + "\n" + TABLE + "text\n" + TABLE + "\n" + TABLE,
    "fourth_table_has_fences": (TABLE + "\n") * 3 + "| a | b |\n|---|---|\n| ``` | ```` |\n",
    "table_of_10_columns": _wide(10),
    "table_of_11_columns": _wide(11),
    "table_of_30_columns": _wide(30),
    "table_of_300_columns": _wide(300),
    "table_in_quote": "> | a | b |\n> |---|---|\n> | 1 | 2 |\n",
    "table_in_fence": "```\n" + TABLE + "```\n",
}

INLINE: Final = {
    "emphasis": "*a* **b** ***c*** _d_ __e__ ~~f~~ snake_case_name 2*3*4\n",
    "unclosed_emphasis": "**bold and *more\n",
    "code_span": "`<b>` and ``a ` b`` and `unclosed <b>\n",
    "code_span_over_lines": "`one\n<b> two`\n",
    "escaped_ticks": "\\`<b>\\` and \\\\`<b>`\n",
    "html": "<b>bold</b> <br/> <script>alert(1)</script> <!-- note --> 1 < 2 > 0\n",
    "html_block": "<div>\n<p>text</p>\n</div>\n",
    "font_tag": "<font color='red'>red</font>\n",
    "entities": "&lt;b&gt; &amp; &copy; &#60; A&B\n",
    "generics": "List<String> and Map<K, V>\n",
    "mention": f'<at user_id="{ID}">Alice</at>, see <at id={ID}></at>\n',
    "bare_mention": f"@{ID} and mail@{ID} and @@{ID}\n",
    "mention_all": '<at user_id="all">all</at> <at id=all></at>\n',
    "mention_in_code": f"`@{ID}` and\n```\n<at id={ID}></at>\n```\n",
    "mention_that_is_none": "<at>x</at> <at user_id=''>y</at> @someone @_user_1\n",
    "mention_unclosed": f'<at user_id="{ID}">no end\n',
    "link": "[text](https://example.com/a_b?c=d&e=f#g)\n",
    "link_with_parentheses": "[wiki](https://example.com/a_(b)) [x](<https://example.com/c d>)\n",
    "link_with_title": '[a](https://example.com "title") [b][ref]\n\n[ref]: https://example.com/b\n',
    "autolink": "<https://example.com/a_b> <mailto:a@example.com> https://example.com/c_d_e\n",
    "image": "![alt](https://example.com/a.png) ![](https://example.com/b.png)\n",
    "image_with_title": '![alt](https://example.com/a.png "title")\n',
    "image_in_link": "[![alt](https://example.com/a.png)](https://example.com)\n",
    "image_by_key": "![alt](img_v3_0123)\n",
    "image_of_data": "![alt](data:image/png;base64,AAAA)\n",
    "image_unclosed": "![alt](https://example.com/a.png\n",
    "image_in_code": "`![alt](https://example.com/a.png)`\n",
    "footnote": "text[^1]\n\n[^1]: the note\n",
    "line_break": "one  \ntwo\\\nthree\n",
    "backslashes": "\\*no\\* \\_no\\_ \\# no\n",
    "math_inline": "so $a_1 * b_1$ and $x^2$ and $n$\n",
    "math_block": "$$a_1 * b_1$$\n\n$$\nx_1\n$$\n",
    "math_latex": "\\(a_1 * b_1\\) and \\[x_{1}\\]\n",
    "money": "it costs $5 and $10, or $5_000 and $6_000\n",
    "math_in_code": "`$a_1$` and ```` $b_1$ ````\n",
    "math_with_ticks": "$a`b_1`$\n",
    "math_unclosed": "$a_1 and \\(b_1 and $$c\n",
}

WRITING: Final = {
    "chinese": "你好，世界。这是**加粗**和`代码`。\n\n- 一\n- 二\n",
    "chinese_emphasis": "这是**“引号”**后面\n",
    "emoji": "👍 👨‍👩‍👧‍👦 🇨🇳 ☑️ e\u0301\n",
    "right_to_left": "שלום **עולם** \u202eabc\u202c\n",
    "zero_width": "a\u200bb\u200dc\ufeffd\n",
    "line_separators": "a\u2028b\u2029c\x0bd\x0ce\n",
    "control": "a\x00b\x1bc\n",
    "half_a_pair": "half \ud83d a flower\n",
    "astral": "𠮷野家 🀄\n",
}

LARGE: Final = {
    "100_kb_of_words": "word " * 20_000,
    "100_kb_of_one_word": "w" * 100_000,
    "100_kb_of_chinese": "一句话。" * 8_000,
    "100_kb_of_emoji": "👨‍👩‍👧‍👦" * 4_000,
    "100_kb_of_paragraphs": ("A paragraph of several words.\n\n" * 3_300),
    "100_kb_of_code": "```python\n" + "x = '<b>'  # a line\n" * 5_000 + "```\n",
    "100_kb_of_code_in_a_line": "```\n" + "x" * 100_000 + "\n```\n",
    "100_kb_of_unclosed_code": "~~~~ sh\n" + "ls -l\n" * 16_000,
    "100_kb_of_quoted_code": "> ```\n" + "> line\n" * 14_000 + "> ```\n",
    "100_kb_of_table": "| name | value |\n|---|---|\n" + "| some name | 12345 |\n" * 4_500,
    "100_kb_of_tables": (TABLE + "\n") * 3_000,
    "100_kb_of_lists": "- an item of a list\n" * 5_000,
    "100_kb_of_ticks": "`" * 100_000,
    "100_kb_of_bars": "|" * 50_000 + "\n" + "-|" * 25_000,
    "100_kb_of_angle_brackets": "<b>" * 33_000,
    "100_kb_of_quotes": '"\\' * 50_000,
}

DOCUMENTS: Final = BLOCKS | INLINE | WRITING | LARGE
