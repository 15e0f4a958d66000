"""A planned event on its way to people: workbook, calendars, booklet, and what became of the meetings."""
