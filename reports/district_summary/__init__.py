"""“Bảng tổng hợp kết quả các quận, huyện”: content, tables, words, and the paper made of them."""
