"""“Báo cáo thẩm định” of one dossier: what the unit said beside what the Sở concluded."""
