"""“Báo cáo tự đánh giá”: the content, its tables, its words, and the paper made of them."""
