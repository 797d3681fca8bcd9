"""The papers of a council's session: “Biên bản”, “Tờ trình”, “dự thảo Quyết định công nhận”."""
