"""“Báo cáo kết quả thí điểm gửi Bộ GD&ĐT”: facts, draft sentences, tables, and the paper.

`content` asks the database; everything else reads its plain data. The prose of each section is
drafted from the facts (`drafts`) and may be rewritten by an officer of the Sở (`sections`); the
figures in tables may not.
"""
